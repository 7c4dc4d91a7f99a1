package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds a token where a policy says that requests carry it. A token that is there twice is not
 * there: readers differ in which one they believe. Nor is one in a body of more parts than are read
 * before anybody was let in.
 *
 * @param prefix what stands before the token, in any letter case; empty for nothing
 */
record TokenPlace(Method method, String name, String prefix) {
  private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

  /** Names, values and brackets of a JSON body; who sent it has not been let in yet. */
  private static final int MAX_JSON_TOKENS = 200_000;

  private static final int MAX_FORM_FIELDS = 1000;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(200)
                  .maxTokenCount(MAX_JSON_TOKENS)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  /** Which part of a request. */
  public enum Method {
    HEADER,
    BODY
  }

  /** The token that a request carries here, or null. */
  @Nullable String find(Exchange exchange) {
    String value =
        switch (method) {
          case HEADER -> single(exchange.headers().getAll(name));
          case BODY -> WITH_BODY.contains(exchange.method()) ? inBody(exchange) : null;
        };
    if (value == null || !value.regionMatches(true, 0, prefix, 0, prefix.length())) {
      return null;
    }
    return value.substring(prefix.length()).strip();
  }

  private @Nullable String inBody(Exchange exchange) {
    String type = exchange.headers().get("content-type");
    String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    return switch (bare) {
      case "application/json" -> inJson(exchange.body());
      case "application/x-www-form-urlencoded" -> inForm(exchange.body());
      default -> null;
    };
  }

  private @Nullable String inJson(Buffer body) {
    List<String> found = new ArrayList<>(1);
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), body.getBytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        boolean isNamedSo = parser.currentName().equalsIgnoreCase(name);
        boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
        if (isNamedSo) {
          found.add(isText ? parser.getString() : "");
        }
        parser.skipChildren();
      }
      boolean isWhole = parser.nextToken() == null;
      return isWhole ? single(found) : null;
    } catch (JacksonException malformed) {
      return null;
    }
  }

  private @Nullable String inForm(Buffer body) {
    String[] pairs = body.toString(StandardCharsets.UTF_8).split("&", MAX_FORM_FIELDS + 1);
    if (pairs.length > MAX_FORM_FIELDS) {
      return null;
    }
    try {
      return single(
          Arrays.stream(pairs)
              .map(pair -> pair.split("=", 2))
              .filter(pair -> pair.length == 2 && decoded(pair[0]).equalsIgnoreCase(name))
              .map(pair -> decoded(pair[1]))
              .toList());
    } catch (IllegalArgumentException brokenEscape) {
      return null;
    }
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static @Nullable String single(List<String> values) {
    return values.size() == 1 ? values.getFirst() : null;
  }
}
