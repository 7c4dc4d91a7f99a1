package dev.keygate.sim;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds the field {@code model} of a multipart form, as uploads of audio and images have it. */
final class MultipartModel {

  private static final Pattern FIELD =
      Pattern.compile(
          "name=\"?model\"?[^\\n]*\\n(?:[^\\n]+\\n){0,5}?\\r?\\n([^\\r\\n]{1,200})\\r?\\n");

  /** Fields come before files or after them: both ends are looked at, the files are not. */
  private static final int END_BYTES = 16 * 1024;

  private MultipartModel() {}

  /** The model, empty when the body is no form or names none. */
  static String of(String contentType, Buffer body) {
    if (!contentType.toLowerCase(Locale.ROOT).startsWith("multipart/form-data")) {
      return "";
    }
    int length = body.length();
    String begin = text(body, 0, Math.min(length, END_BYTES));
    String end = text(body, Math.max(0, length - END_BYTES), length);
    Matcher matcher = FIELD.matcher(begin + "\r\n" + end);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String text(Buffer body, int from, int to) {
    return body.getString(from, to, StandardCharsets.ISO_8859_1.name());
  }
}
