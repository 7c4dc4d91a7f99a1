package dev.keygate.ai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;

/** JSON strings that {@link JsonScanner} has found well-formed, read and written. */
final class JsonText {
  private JsonText() {}

  /** What the string between two quotes says. */
  static String decode(byte[] bytes, int start, int end) {
    boolean ascii = true;
    for (int i = start; i < end; i++) {
      if (bytes[i] == '\\') {
        return unescape(new String(bytes, start, end - start, UTF_8));
      }
      ascii &= bytes[i] >= 0;
    }
    return new String(bytes, start, end - start, ascii ? ISO_8859_1 : UTF_8);
  }

  /** The string as JSON, quotes included. */
  static byte[] encode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() + 2);
    out.write('"');
    for (byte b : text.getBytes(UTF_8)) {
      if (b == '"' || b == '\\') {
        out.write('\\');
        out.write(b);
      } else if (b >= 0 && b < ' ') {
        out.writeBytes("\\u%04x".formatted((int) b).getBytes(ISO_8859_1));
      } else {
        out.write(b);
      }
    }
    out.write('"');
    return out.toByteArray();
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    int at = 0;
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c != '\\') {
        plain.append(c);
        continue;
      }
      char kind = text.charAt(at++);
      switch (kind) {
        case 'b' -> plain.append('\b');
        case 'f' -> plain.append('\f');
        case 'n' -> plain.append('\n');
        case 'r' -> plain.append('\r');
        case 't' -> plain.append('\t');
        case 'u' -> {
          plain.append((char) Integer.parseInt(text, at, at + 4, 16));
          at += 4;
        }
        default -> plain.append(kind);
      }
    }
    return plain.toString();
  }
}
