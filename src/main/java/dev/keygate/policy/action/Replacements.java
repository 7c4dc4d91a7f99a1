package dev.keygate.policy.action;

import com.google.re2j.Pattern;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.Template;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The replacements of a find-replace action, applied in order, each to the last one's result. */
final class Replacements {
  /** A result is for debugging: the first few matches tell as much as all of them. */
  private static final int PUBLISHED_MATCHES = 16;

  /** In characters: a match may be as long as the body. */
  private static final int PUBLISHED_LENGTH = 8 * 1024;

  /** A shorter body is changed in less time than another thread takes to begin. */
  private static final int LONG = 64 * 1024;

  /** One replacement. */
  record Config(
      @Setting(
              value = "What is replaced, everywhere it matches: an RE2 regular expression.",
              atLeast = "1")
          Template from,
      @Setting(
              value =
                  "What stands in its place. `$1` is what the first group matched, `$$` a dollar"
                      + " sign. Left out, matches are deleted.",
              defaultsTo = "''")
          Template to) {}

  /** What came of a body, and what matched. */
  private record Replaced(Buffer body, List<Map<String, Object>> matches) {}

  private final List<Regex> patterns = new ArrayList<>();
  private final List<Config> configs;
  private final String publishAs;

  /**
   * @param publishAs what the result is called in {@code actions.ngrok}
   */
  Replacements(List<Config> configs, String publishAs, ActionContext context) {
    this.configs = configs;
    this.publishAs = publishAs;
    for (Config config : configs) {
      patterns.add(Regex.compile(config.from(), "replacements", context));
    }
  }

  /**
   * What comes next, with everything in a body replaced and its coding taken away. Text that is not
   * UTF-8 is matched byte by byte, so that what does not match stays as it came. What may take long
   * is done off the event loop, one body after the other for each loop: that bounds what they take
   * while they are changed.
   *
   * @param headers what the body came with
   */
  Outcome around(Exchange exchange, MultiMap headers, Buffer body, Function<Buffer, Outcome> next) {
    String coding = body.length() == 0 ? "" : Codings.of(headers);
    List<Substitution> substitutions = substitutions(exchange);
    Function<Replaced, Outcome> then =
        replaced -> {
          if (!coding.isEmpty()) {
            headers.remove("content-encoding");
          }
          Messages.publish(exchange, publishAs, Map.of("replacements", replaced.matches()));
          return next.apply(replaced.body());
        };
    boolean mayTakeLong = body.length() > LONG || !coding.isEmpty();
    Context context = mayTakeLong ? Vertx.currentContext() : null;
    return context == null || !context.isEventLoopContext()
        ? then.apply(replaced(body, coding, substitutions))
        : new Outcome.Pending(
            context.executeBlocking(() -> replaced(body, coding, substitutions)).map(then));
  }

  private List<Substitution> substitutions(Exchange exchange) {
    List<Substitution> substitutions = new ArrayList<>(configs.size());
    for (int at = 0; at < configs.size(); at++) {
      Pattern pattern = patterns.get(at).pattern(exchange);
      substitutions.add(Substitution.of(pattern, configs.get(at).to(), exchange, text -> text));
    }
    return substitutions;
  }

  /** Knows nothing of the exchange: any thread may do it. */
  private static Replaced replaced(Buffer body, String coding, List<Substitution> substitutions) {
    Buffer plain = Codings.decoded(body, coding);
    Charset charset = charset(plain);
    String text = plain.toString(charset);
    List<Map<String, Object>> published = new ArrayList<>();
    for (int at = 0; at < substitutions.size(); at++) {
      int index = at;
      text =
          substitutions
              .get(at)
              .apply(
                  text,
                  match -> {
                    if (published.size() < PUBLISHED_MATCHES) {
                      published.add(
                          Map.of("replacement_index", index, "matched_content", beginning(match)));
                    }
                  });
    }
    return new Replaced(Buffer.buffer(text.getBytes(charset)), published);
  }

  private static String beginning(String match) {
    return match.length() > PUBLISHED_LENGTH ? match.substring(0, PUBLISHED_LENGTH) : match;
  }

  private static Charset charset(Buffer body) {
    try {
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body.getBytes()));
      return StandardCharsets.UTF_8;
    } catch (CharacterCodingException binary) {
      return StandardCharsets.ISO_8859_1;
    }
  }
}
