package dev.keygate.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.identifier.Identifiers;
import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a list is asked for.
 *
 * @param beforeId only objects older than this one; empty for the first page
 * @param limit most objects on the page
 * @param filter a CEL expression, or empty
 */
record ListQuery(String beforeId, int limit, String filter) {
  private static final int MAX_LIMIT = 100;

  static ListQuery of(Resource<?> resource, Call call) {
    Map<String, String> query = call.query();
    return new ListQuery(
        beforeId(resource, query.getOrDefault("before_id", "")),
        limit(query.getOrDefault("limit", "")),
        query.getOrDefault("filter", ""));
  }

  /** The query of the page after this one. */
  static String next(Call call, String lastId) {
    return call.query().entrySet().stream()
        .filter(parameter -> !parameter.getKey().equals("before_id"))
        .map(parameter -> "&" + parameter.getKey() + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("", "before_id=" + encoded(lastId), ""));
  }

  private static String beforeId(Resource<?> resource, String text) {
    if (!text.isEmpty() && !Identifiers.isIdentifier(resource.prefix(), text)) {
      throw ApiError.inField(
          ErrorCode.INVALID_BEFORE_ID,
          "before_id",
          "expected an identifier of this list, " + resource.prefix() + "_…");
    }
    return text;
  }

  private static int limit(String text) {
    if (text.isEmpty()) {
      return MAX_LIMIT;
    }
    int limit = text.matches("\\d{1,9}") ? Integer.parseInt(text) : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw ApiError.inField(
          ErrorCode.INVALID_LIMIT,
          "limit",
          "'" + text + "', expected a number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }
}
