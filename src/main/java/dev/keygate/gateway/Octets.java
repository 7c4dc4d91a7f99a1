package dev.keygate.gateway;

/** Which bytes may stand where in a request (RFC 9110 section 5.6.2, RFC 9112 section 3). */
final class Octets {
  static final byte CR = '\r';
  static final byte LF = '\n';

  private static final byte TOKEN = 1;
  private static final byte FIELD_VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte[] CLASSES = classes();

  private Octets() {}

  /** A character of a method or a field name. */
  static boolean isToken(byte octet) {
    return (CLASSES[octet & 0xff] & TOKEN) != 0;
  }

  /** Visible, blank or tab, or beyond ASCII: whatever cannot end a line. */
  static boolean isFieldValue(byte octet) {
    return (CLASSES[octet & 0xff] & FIELD_VALUE) != 0;
  }

  /** Visible ASCII that some reader would not take for another character. */
  static boolean isTarget(byte octet) {
    return (CLASSES[octet & 0xff] & TARGET) != 0;
  }

  static boolean isBlank(byte octet) {
    return octet == ' ' || octet == '\t';
  }

  /** The value of a hexadecimal digit, or -1. */
  static int hexDigit(int octet) {
    if (octet >= '0' && octet <= '9') {
      return octet - '0';
    }
    int lower = octet | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  /** Whether the bytes spell {@code name}, which is in lower case, in any case. */
  static boolean spell(byte[] bytes, int from, int to, String name) {
    if (to - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      int octet = bytes[from + i];
      int lower = octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
      if (lower != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] classes() {
    byte[] classes = new byte[256];
    for (int c = 0x21; c < 0x7f; c++) {
      classes[c] = FIELD_VALUE;
      if ("\"#<>\\^`{|}".indexOf(c) < 0) {
        classes[c] |= TARGET;
      }
      if (Character.isLetterOrDigit(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0) {
        classes[c] |= TOKEN;
      }
    }
    classes[' '] = FIELD_VALUE;
    classes['\t'] = FIELD_VALUE;
    for (int c = 0x80; c < 0x100; c++) {
      classes[c] = FIELD_VALUE;
    }
    return classes;
  }
}
