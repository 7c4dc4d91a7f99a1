package dev.keygate.policy.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keygate's own {@code matches}, {@code replace} and {@code join}, in place of the standard ones:
 * the same, but a pattern is compiled once and not for every request, and what comes out is no
 * longer than {@value #MAX_LENGTH} characters, however long the texts that requests bring.
 */
final class BoundedTexts {
  /** Longest text that an expression may give, in characters. */
  static final int MAX_LENGTH = 1024 * 1024;

  /** Policies hold fewer; requests that make patterns push out each other's. */
  private static final Cache<String, Pattern> PATTERNS =
      Caffeine.newBuilder().maximumSize(1000).build();

  private static final int MAX_PATTERN = 4 * 1024;

  private BoundedTexts() {}

  static List<CelFunctionBinding> bindings() {
    List<CelFunctionBinding> bindings = new ArrayList<>();
    bindings.addAll(
        CelFunctionBinding.fromOverloads(
            "matches",
            CelFunctionBinding.from("matches", String.class, String.class, BoundedTexts::matches),
            CelFunctionBinding.from(
                "matches_string", String.class, String.class, BoundedTexts::matches)));
    bindings.addAll(
        CelFunctionBinding.fromOverloads(
            "replace",
            CelFunctionBinding.from(
                "string_replace_string_string",
                List.of(String.class, String.class, String.class),
                texts -> replace((String) texts[0], (String) texts[1], (String) texts[2], -1)),
            CelFunctionBinding.from(
                "string_replace_string_string_int",
                List.of(String.class, String.class, String.class, Long.class),
                texts ->
                    replace(
                        (String) texts[0],
                        (String) texts[1],
                        (String) texts[2],
                        (long) texts[3]))));
    bindings.addAll(
        CelFunctionBinding.fromOverloads(
            "join",
            CelFunctionBinding.from("list_join", List.class, list -> join(list, "")),
            CelFunctionBinding.from(
                "list_join_string", List.class, String.class, BoundedTexts::join)));
    return bindings;
  }

  /** What is wrong with a regular expression in RE2 syntax, or null when nothing is. */
  static @Nullable String mistakeIn(String pattern) {
    try {
      compiled(pattern);
      return null;
    } catch (PatternSyntaxException malformed) {
      return malformed.getDescription();
    }
  }

  /** The value, unless it is a text that is too long to go on with. */
  static Object bounded(Object value) {
    if (value instanceof String text) {
      refuseLongerThan(text.length());
    }
    return value;
  }

  private static boolean matches(String text, String pattern) {
    try {
      return compiled(pattern).matcher(text).find();
    } catch (PatternSyntaxException malformed) {
      throw new EvaluationException("not a regular expression: " + malformed.getDescription());
    }
  }

  private static Pattern compiled(String pattern) {
    if (pattern.length() > MAX_PATTERN) {
      throw new PatternSyntaxException("longer than " + MAX_PATTERN + " characters");
    }
    return PATTERNS.get(pattern, Pattern::compile);
  }

  /**
   * @param most how many are replaced; below 0 all are
   */
  private static String replace(String text, String old, String replacement, long most) {
    if (most == 0) {
      return text;
    }
    StringBuilder replaced = new StringBuilder(text.length());
    long left = most < 0 ? Long.MAX_VALUE : most;
    int at = 0;
    int found = text.indexOf(old);
    while (found >= 0 && left-- > 0) {
      replaced.append(text, at, found).append(replacement);
      refuseLongerThan(replaced.length());
      at = found + old.length();
      // An empty text is found before each character and at the end.
      found = old.isEmpty() && found == text.length() ? -1 : next(text, old, at);
    }
    replaced.append(text, at, text.length());
    refuseLongerThan(replaced.length());
    return replaced.toString();
  }

  private static int next(String text, String old, int at) {
    return old.isEmpty() ? at + 1 : text.indexOf(old, at);
  }

  private static String join(List<?> items, String separator) {
    StringBuilder joined = new StringBuilder();
    boolean isFirst = true;
    for (Object item : items) {
      if (!(item instanceof String text)) {
        throw new EvaluationException("join takes a list of texts");
      }
      joined.append(isFirst ? "" : separator).append(text);
      refuseLongerThan(joined.length());
      isFirst = false;
    }
    return joined.toString();
  }

  private static void refuseLongerThan(int length) {
    if (length > MAX_LENGTH) {
      throw new EvaluationException("a text of more than " + MAX_LENGTH + " characters");
    }
  }
}
