package dev.keygate.ai.translate;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Takes server-sent events (HTML Living Standard section 9.2) out of bytes that are cut anywhere.
 * Of an event only its data matters: every chat API says in it what it is. Keeps one unfinished
 * event, bounded.
 */
final class EventSplitter {
  /** Bound on one event; the last of a Responses stream repeats the whole answer. */
  static final int MAX_EVENT = 16 * 1024 * 1024;

  private static final byte[] DATA = {'d', 'a', 't', 'a', ':'};

  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final ByteArrayOutputStream data = new ByteArrayOutputStream();
  private boolean hasData;
  private boolean wasReturn;

  /** The data of the events that these bytes complete. */
  List<byte[]> add(byte[] bytes) throws UntranslatableException {
    List<byte[]> events = new ArrayList<>(2);
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      byte b = bytes[i];
      if (b != '\n' && b != '\r') {
        wasReturn = false;
        continue;
      }
      keep(bytes, start, i);
      start = i + 1;
      // A line ends with a return, a line feed, or one after the other.
      if (b == '\r' || !wasReturn) {
        endLine(events);
      }
      wasReturn = b == '\r';
    }
    keep(bytes, start, bytes.length);
    return events;
  }

  private void keep(byte[] bytes, int from, int to) throws UntranslatableException {
    if (line.size() + data.size() + to - from > MAX_EVENT) {
      throw new UntranslatableException("stream", "an event of more than " + MAX_EVENT + " bytes");
    }
    line.write(bytes, from, to - from);
  }

  private void endLine(List<byte[]> events) {
    if (line.size() == 0) {
      if (hasData) {
        events.add(data.toByteArray());
        data.reset();
        hasData = false;
      }
      return;
    }
    byte[] text = line.toByteArray();
    line.reset();
    if (isData(text)) {
      if (hasData) {
        data.write('\n');
      }
      int from = text.length > DATA.length && text[DATA.length] == ' ' ? 6 : 5;
      data.write(text, from, text.length - from);
      hasData = true;
    }
  }

  private static boolean isData(byte[] text) {
    return text.length >= DATA.length && Arrays.equals(text, 0, DATA.length, DATA, 0, DATA.length);
  }
}
