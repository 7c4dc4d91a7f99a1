package dev.keygate.ai;

import java.io.Serial;

/**
 * A request body that is not what the surface takes. Carries a sentence for the client and no stack
 * trace: it is an expected ending, thrown from the depth of a scan and caught where that began.
 */
final class MalformedBodyException extends Exception {
  @Serial private static final long serialVersionUID = 1L;

  private final String words;

  MalformedBodyException(String words) {
    super(words, null, false, false);
    this.words = words;
  }

  /** What is wrong, and where. */
  String words() {
    return words;
  }

  /** The message followed by where in {@code bytes} it is, in bytes, counted as editors do. */
  static MalformedBodyException at(String message, byte[] bytes, int from, int offset) {
    int line = 1;
    int lineStart = from;
    for (int i = from; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
        lineStart = i + 1;
      }
    }
    String place =
        " at byte %d (line %d, column %d)".formatted(offset - from, line, offset - lineStart + 1);
    return new MalformedBodyException(message + place);
  }
}
