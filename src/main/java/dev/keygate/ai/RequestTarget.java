package dev.keygate.ai;

import dev.keygate.exchange.Surface;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The path and query that a provider is asked for, made of what the client asked for. */
final class RequestTarget {
  /** Query parameters in which some provider takes a credential: a client's never goes upstream. */
  private static final Set<String> KEY_PARAMETERS =
      Set.of("key", "api_key", "api-key", "apikey", "access_token", "x-api-key", "x-goog-api-key");

  private RequestTarget() {}

  /**
   * The request target below a base URL (SPEC.md section 6): the base path replaces the client's
   * {@code /v1}; without one the client's path is kept.
   *
   * @param path starts with {@code /v1} and {@linkplain #isSafePath is safe}
   */
  static String of(BaseUrl base, String path, @Nullable String query) {
    String target =
        base.path().isEmpty() ? path : base.path().concat(path.substring(Surface.PREFIX.length()));
    if (query == null) {
      return target;
    }
    String kept = without(KEY_PARAMETERS, query);
    return kept.isEmpty() ? target : target + '?' + kept;
  }

  /**
   * The same with parameters in place of the client's of the same name.
   *
   * @param added percent-encoded names and values
   */
  static String of(BaseUrl base, String path, @Nullable String query, Map<String, String> added) {
    if (added.isEmpty()) {
      return of(base, path, query);
    }
    Set<String> replaced =
        added.keySet().stream().map(RequestTarget::name).collect(Collectors.toSet());
    String kept = query == null ? "" : without(replaced, query);
    String all =
        added.entrySet().stream()
            .map(parameter -> parameter.getKey() + '=' + parameter.getValue())
            .collect(Collectors.joining("&"));
    String target = of(base, path, kept.isEmpty() ? null : kept);
    return target + (target.indexOf('?') < 0 ? '?' : '&') + all;
  }

  /**
   * Whether a raw path or query can stand in a request line: visible ASCII without the characters
   * that some servers read as others.
   */
  static boolean isSafe(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether a raw path stays below where it starts: no dot segment, plain or percent-encoded, is in
   * it, whatever the reader takes for a separator.
   */
  static boolean isSafePath(String raw) {
    if (!raw.startsWith("/") || !isSafe(raw)) {
      return false;
    }
    if (raw.indexOf('.') < 0 && raw.indexOf('%') < 0) {
      return true;
    }
    String plain =
        raw.toLowerCase(Locale.ROOT).replace("%2e", ".").replace("%2f", "/").replace("%5c", "/");
    if (plain.contains("%00")) {
      return false;
    }
    for (String segment : plain.split("/", -1)) {
      int parameters = segment.indexOf(';');
      String name = parameters < 0 ? segment : segment.substring(0, parameters);
      if (name.equals(".") || name.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static String without(Set<String> names, String query) {
    return Arrays.stream(query.split("&", -1))
        .filter(parameter -> !names.contains(name(parameter)))
        .collect(Collectors.joining("&"));
  }

  /** The parameter's name, percent-decoded as far as ASCII, in lower case. */
  private static String name(String parameter) {
    int equals = parameter.indexOf('=');
    String raw = equals < 0 ? parameter : parameter.substring(0, equals);
    if (raw.indexOf('%') < 0) {
      return raw.toLowerCase(Locale.ROOT);
    }
    StringBuilder name = new StringBuilder(raw.length());
    int at = 0;
    while (at < raw.length()) {
      int decoded = decode(raw, at);
      name.append(decoded < 0 ? raw.charAt(at) : (char) decoded);
      at += decoded < 0 ? 1 : 3;
    }
    return name.toString().toLowerCase(Locale.ROOT);
  }

  /** The byte that {@code %xx} at this index stands for, or -1. */
  private static int decode(String raw, int at) {
    if (raw.charAt(at) != '%' || at + 2 >= raw.length()) {
      return -1;
    }
    int high = Character.digit(raw.charAt(at + 1), 16);
    int low = Character.digit(raw.charAt(at + 2), 16);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
  }
}
