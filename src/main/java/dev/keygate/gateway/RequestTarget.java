package dev.keygate.gateway;

import org.jspecify.annotations.Nullable;

/**
 * A request target taken apart (RFC 9112 section 3.2), when it is one that every reader takes apart
 * alike.
 *
 * @param path raw, starting with a slash, without dot segments in any spelling
 * @param query raw, without the question mark, or null when there was none
 */
record RequestTarget(String path, @Nullable String query) {

  /**
   * Reads a target in origin form, or in absolute form when it names the host that the request is
   * for.
   *
   * @return null when it is in another form, or its path could be taken for another path
   */
  static @Nullable RequestTarget of(String target, String authority) {
    int start = pathStart(target, authority);
    if (start < 0) {
      return null;
    }
    int question = target.indexOf('?', start);
    int end = question < 0 ? target.length() : question;
    if (!isPlainPath(target, start, end) || !isVisible(target, end)) {
      return null;
    }
    return new RequestTarget(
        target.substring(start, end), question < 0 ? null : target.substring(question + 1));
  }

  private static int pathStart(String target, String authority) {
    if (target.startsWith("/")) {
      return 0;
    }
    int host;
    if (target.regionMatches(true, 0, "http://", 0, 7)) {
      host = 7;
    } else if (target.regionMatches(true, 0, "https://", 0, 8)) {
      host = 8;
    } else {
      return -1;
    }
    int path = target.indexOf('/', host);
    boolean isSameHost =
        path - host == authority.length()
            && target.regionMatches(true, host, authority, 0, authority.length());
    return isSameHost ? path : -1;
  }

  /**
   * Whether the path has no backslash, NUL or fragment, no broken escape, and no segment that is
   * {@code .} or {@code ..} after decoding; an encoded slash counts as one that ends a segment.
   */
  private static boolean isPlainPath(String target, int start, int end) {
    int dots = 0;
    boolean onlyDots = true;
    for (int i = start; i < end; i++) {
      int c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '#') {
        return false;
      }
      if (c == '%') {
        c = i + 2 < end ? decoded(target.charAt(i + 1), target.charAt(i + 2)) : -1;
        i += 2;
        if (c < ' ' || c == 0x7f || c == '\\') {
          return false;
        }
      }
      if (c == '/') {
        if (onlyDots && (dots == 1 || dots == 2)) {
          return false;
        }
        dots = 0;
        onlyDots = true;
      } else if (c == '.') {
        dots++;
      } else {
        onlyDots = false;
      }
    }
    return !(onlyDots && (dots == 1 || dots == 2));
  }

  private static boolean isVisible(String target, int from) {
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '#') {
        return false;
      }
    }
    return true;
  }

  private static int decoded(char high, char low) {
    int h = Octets.hexDigit(high);
    int l = Octets.hexDigit(low);
    return h < 0 || l < 0 ? -1 : 16 * h + l;
  }
}
