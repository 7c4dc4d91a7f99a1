package dev.keygate.ai.translate;

import java.util.ArrayList;
import java.util.List;

/**
 * A stream of one API on its way to being one of another: bytes in, bytes out, wherever they are
 * cut. Keeps no more than one unfinished event. Not safe for use by two threads.
 */
public final class StreamTranslation {
  private final EventSplitter splitter = new EventSplitter();
  private final List<StreamEvent> events = new ArrayList<>();
  private final StreamReader reader;
  private final StreamWriter writer;
  private TokenUsage usage = TokenUsage.NONE;

  StreamTranslation(Dialect from, StreamWriter writer) {
    this.reader = StreamReader.of(from, events::add);
    this.writer = writer;
  }

  /**
   * The bytes that these ones make possible; often none.
   *
   * @throws UntranslatableException if this is no stream of that API; nothing may follow
   */
  public byte[] add(byte[] bytes) throws UntranslatableException {
    for (byte[] data : splitter.add(bytes)) {
      reader.add(data);
      write();
    }
    return writer.take();
  }

  /**
   * The last bytes, when the provider has ended its stream.
   *
   * @throws UntranslatableException if it ended before the answer did
   */
  public byte[] end() throws UntranslatableException {
    reader.end();
    write();
    if (!reader.isOver()) {
      throw new UntranslatableException("stream", "it ended before the answer was complete");
    }
    return writer.take();
  }

  /** What the provider said of the tokens used; all zero until it did. */
  public TokenUsage usage() {
    return usage;
  }

  private void write() throws UntranslatableException {
    for (StreamEvent event : events) {
      if (event instanceof StreamEvent.Finish finish) {
        usage = finish.usage();
      }
      writer.write(event);
    }
    events.clear();
  }
}
