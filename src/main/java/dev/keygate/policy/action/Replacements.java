package dev.keygate.policy.action;

import com.google.re2j.Pattern;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.Template;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The replacements of a find-replace action, applied in order, each to the last one's result. */
final class Replacements {
  /** A result is for debugging: the first few matches tell as much as all of them. */
  private static final int PUBLISHED_MATCHES = 16;

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

  /** What came of a text, and what matched. */
  record Replaced(String text, List<Map<String, Object>> matches) {}

  private final List<Regex> patterns = new ArrayList<>();
  private final List<Config> configs;

  Replacements(List<Config> configs, ActionContext context) {
    this.configs = configs;
    for (Config config : configs) {
      patterns.add(Regex.compile(config.from(), "replacements", context));
    }
  }

  /** The substitutions for one exchange, for a text that comes in parts. */
  List<Substitution> substitutions(Exchange exchange) {
    List<Substitution> substitutions = new ArrayList<>(configs.size());
    for (int at = 0; at < configs.size(); at++) {
      Pattern pattern = patterns.get(at).pattern(exchange);
      substitutions.add(Substitution.of(pattern, configs.get(at).to(), exchange, text -> text));
    }
    return substitutions;
  }

  /**
   * The body with everything replaced. Text that is not UTF-8 is matched byte by byte, so that what
   * does not match stays as it came.
   */
  Buffer apply(Buffer body, Exchange exchange, String publishAs) {
    Charset charset = charset(body);
    Replaced replaced = apply(body.toString(charset), exchange);
    Messages.publish(exchange, publishAs, Map.of("replacements", replaced.matches()));
    return Buffer.buffer(replaced.text().getBytes(charset));
  }

  private Replaced apply(String text, Exchange exchange) {
    List<Map<String, Object>> published = new ArrayList<>();
    String current = text;
    int index = 0;
    for (Substitution substitution : substitutions(exchange)) {
      List<String> matches = new ArrayList<>();
      current = substitution.apply(current, matches);
      for (String match : matches) {
        if (published.size() < PUBLISHED_MATCHES) {
          published.add(Map.of("replacement_index", index, "matched_content", match));
        }
      }
      index++;
    }
    return new Replaced(current, published);
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
