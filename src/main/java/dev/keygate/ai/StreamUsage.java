package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Surface;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the usage of streams that do not say it by themselves: Chat Completions do so in a last
 * chunk, when told to. What else the client's options say is kept byte for byte, and nothing is
 * built of it, since a client may write as much there as its body may hold. Pure.
 */
final class StreamUsage {
  private static final String OPTIONS = "stream_options";
  private static final String INCLUDE = "include_usage";

  private StreamUsage() {}

  /**
   * Whether the answer will be a stream that says nothing of its usage unless it is asked to.
   *
   * @throws MalformedBodyException if the options are an object that cannot be read
   */
  static boolean isSilent(Exchange exchange, Surface surface, @Nullable TopLevelFields fields)
      throws MalformedBodyException {
    if (surface != Surface.CHAT_COMPLETIONS || fields == null || !fields.isStream()) {
      return false;
    }
    Buffer options = options(exchange, fields);
    TopLevelFields inside = inside(options);
    boolean isAsked = false;
    for (int field = 0; field < inside.count(); field++) {
      if (inside.name(field).equals(INCLUDE)) {
        // Of two, the last counts with most readers.
        isAsked = options.getByte(inside.valueOffset(field)) == 't';
      }
    }
    return !isAsked;
  }

  /**
   * The policy's additions to the body, and the question for the usage.
   *
   * @throws MalformedBodyException if the options are an object that cannot be read
   */
  static Extras asked(Extras extras, Exchange exchange, TopLevelFields fields)
      throws MalformedBodyException {
    Buffer options = options(exchange, fields);
    TopLevelFields inside = inside(options);
    BodySplice asked = new BodySplice(options, inside);
    for (int field = 0; field < inside.count(); field++) {
      if (inside.name(field).equals(INCLUDE)) {
        asked.remove(field);
      }
    }
    asked.add(INCLUDE, "true".getBytes(StandardCharsets.US_ASCII));
    Map<String, byte[]> body = new LinkedHashMap<>(extras.body());
    body.putIfAbsent(OPTIONS, asked.apply().getBytes());
    return new Extras(extras.headers(), extras.query(), body);
  }

  /** The object that the client gave, where it stands in the body; else an empty one. */
  private static Buffer options(Exchange exchange, TopLevelFields fields) {
    int field = fields.find(OPTIONS);
    Buffer body = exchange.body();
    return field >= 0 && body.getByte(fields.valueOffset(field)) == '{'
        ? body.slice(fields.valueOffset(field), fields.end(field))
        : Buffer.buffer("{}");
  }

  private static TopLevelFields inside(Buffer options) throws MalformedBodyException {
    try {
      return TopLevelFields.of(options);
    } catch (MalformedBodyException e) {
      throw new MalformedBodyException(e.words() + " of '" + OPTIONS + "'");
    }
  }
}
