package dev.keygate.ai.translate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.node.ObjectNode;

/** Writes what happens in a streamed answer as the events of one API. One for each stream. */
abstract sealed class StreamWriter
    permits ChatStreamWriter, MessagesStreamWriter, ResponsesStreamWriter {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  abstract void write(StreamEvent event) throws UntranslatableException;

  /** What has been written since this was last called. */
  final byte[] take() {
    byte[] written = out.toByteArray();
    out.reset();
    return written;
  }

  final void data(ObjectNode data) {
    text("data: ");
    out.writeBytes(Json.bytes(data));
    text("\n\n");
  }

  /** An event that has its type outside too. */
  final void event(ObjectNode data) {
    text("event: " + data.path("type").stringValue("") + '\n');
    data(data);
  }

  final void text(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
