import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one streamed answer: head, chunked transfer coding, events, whatever way the proxy cut the
 * bytes. Counts the numbered chunks that came in order and exactly once.
 */
final class Answer {
  /** Told of every numbered chunk. */
  interface Sink {
    void chunk(int number, long writtenNanos);
  }

  private enum State {
    IDLE,
    HEAD,
    SIZE,
    DATA,
    DATA_END,
    TRAILER,
    COMPLETE
  }

  private final StringBuilder line = new StringBuilder(512);
  private final StringBuilder event = new StringBuilder(512);
  private State state = State.IDLE;
  private int remaining;
  private int inOrder;
  private boolean first;
  private boolean done;

  void begin() {
    state = State.HEAD;
    line.setLength(0);
    event.setLength(0);
    inOrder = 0;
    first = true;
    done = false;
  }

  boolean isOpen() {
    return state != State.IDLE && state != State.COMPLETE;
  }

  /** Whether the body ended regularly, with the stream's own last event. */
  boolean isComplete() {
    return state == State.COMPLETE && done;
  }

  int inOrder() {
    return inOrder;
  }

  void read(ByteBuffer bytes, Sink sink) throws IOException {
    while (bytes.hasRemaining()) {
      char next = (char) (bytes.get() & 0xff);
      if (state == State.DATA) {
        data(next, sink);
      } else if (next == '\n') {
        endOfLine();
      } else if (next != '\r') {
        line.append(next);
      }
    }
  }

  private void endOfLine() throws IOException {
    String text = line.toString();
    line.setLength(0);
    switch (state) {
      case HEAD -> {
        if (first && !text.startsWith("HTTP/1.1 200")) {
          throw new IOException(text);
        }
        first = false;
        state = text.isEmpty() ? State.SIZE : State.HEAD;
      }
      case SIZE -> {
        remaining = Integer.parseInt(text.strip(), 16);
        state = remaining == 0 ? State.TRAILER : State.DATA;
      }
      case DATA_END -> state = State.SIZE;
      case TRAILER -> {
        if (text.isEmpty()) {
          state = State.COMPLETE;
          if (!done) {
            throw new IOException("ended without [DONE]");
          }
        }
      }
      default -> throw new IOException("bytes that no request asked for");
    }
  }

  private void data(char next, Sink sink) {
    remaining--;
    if (remaining == 0) {
      state = State.DATA_END;
    }
    if (next != '\n') {
      event.append(next);
      return;
    }
    int at = event.indexOf("\"content\":\"");
    if (at >= 0) {
      int number = Integer.parseInt(event.substring(at + 11, at + 17));
      if (number == inOrder + 1) {
        inOrder++;
      }
      sink.chunk(number, Long.parseLong(event.substring(at + 18, at + 37)));
    } else if (event.indexOf("data: [DONE]") == 0) {
      done = true;
    }
    event.setLength(0);
  }
}
