package dev.keygate.policy.action;

import dev.keygate.policy.expression.EvaluationException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Changes a field of each event of an event stream (WHATWG HTML section 9.2), however the bytes are
 * cut into chunks. An event is held until the empty line that ends it has come; an event whose
 * field does not change is given on byte for byte.
 */
final class EventStreamChange implements ChangedStream.Change {
  /** Largest event that is held: 4 MiB. */
  private static final int MAX_EVENT = 4 * 1024 * 1024;

  /** A field's name and what is done to its value. */
  record FieldChange(String field, UnaryOperator<String> change) {}

  private final List<FieldChange> changes;
  private Buffer held = Buffer.buffer();

  /** Where the search for the end of the event goes on. */
  private int searched;

  EventStreamChange(List<FieldChange> changes) {
    this.changes = List.copyOf(changes);
  }

  @Override
  public Buffer next(Buffer chunk) {
    held.appendBuffer(chunk);
    Buffer given = Buffer.buffer();
    int start = 0;
    for (int end = eventEnd(start); end >= 0; end = eventEnd(start)) {
      append(given, held.slice(start, end));
      start = end;
      searched = end;
    }
    if (start > 0) {
      searched -= start;
      held = held.getBuffer(start, held.length());
    }
    if (held.length() > MAX_EVENT) {
      throw new EvaluationException("an event of more than " + MAX_EVENT + " bytes");
    }
    return given;
  }

  @Override
  public Buffer last() {
    Buffer given = Buffer.buffer();
    if (held.length() > 0) {
      append(given, held);
    }
    return given;
  }

  /**
   * Where the event ends that begins at {@code start}: after its first empty line. A carriage
   * return at the end of what has come may be half of a line end, so it waits for what follows.
   */
  private int eventEnd(int start) {
    for (int at = Math.max(start, searched); at < held.length(); at++) {
      int next = afterLineEnd(at);
      if (next == INCOMPLETE) {
        searched = at;
        return -1;
      }
      if (next != NO_LINE_END) {
        int second = next < held.length() ? afterLineEnd(next) : NO_LINE_END;
        if (second == INCOMPLETE || next == held.length()) {
          searched = at;
          return -1;
        }
        if (second != NO_LINE_END) {
          return second;
        }
        at = next - 1;
      }
    }
    searched = held.length();
    return -1;
  }

  private static final int NO_LINE_END = -1;
  private static final int INCOMPLETE = -2;

  private int afterLineEnd(int at) {
    byte octet = held.getByte(at);
    if (octet == '\n') {
      return at + 1;
    }
    if (octet != '\r') {
      return NO_LINE_END;
    }
    if (at + 1 == held.length()) {
      return INCOMPLETE;
    }
    return held.getByte(at + 1) == '\n' ? at + 2 : at + 1;
  }

  private void append(Buffer given, Buffer event) {
    String text = event.toString(StandardCharsets.UTF_8);
    String changed = text;
    for (FieldChange change : changes) {
      changed = changed(changed, change);
    }
    if (changed.equals(text)) {
      given.appendBuffer(event);
    } else {
      given.appendString(changed);
    }
  }

  /** The event with the field's value changed; its lines make one value, joined by line feeds. */
  private static String changed(String event, FieldChange change) {
    List<String> others = new ArrayList<>();
    List<String> values = new ArrayList<>();
    int place = -1;
    for (String line : event.split("\r\n|\n|\r", -1)) {
      String value = value(line, change.field());
      if (value != null) {
        place = place < 0 ? others.size() : place;
        values.add(value);
      } else {
        others.add(line);
      }
    }
    String before = String.join("\n", values);
    String after = place < 0 ? before : change.change().apply(before);
    if (after.equals(before)) {
      return event;
    }
    List<String> lines = new ArrayList<>();
    for (String line : after.split("\r\n|\n|\r", -1)) {
      lines.add(change.field() + ": " + line);
    }
    others.addAll(place, lines);
    return String.join("\n", others);
  }

  private static @Nullable String value(String line, String field) {
    if (!line.startsWith(field)) {
      return null;
    }
    if (line.length() == field.length()) {
      return "";
    }
    if (line.charAt(field.length()) != ':') {
      return null;
    }
    String value = line.substring(field.length() + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }
}
