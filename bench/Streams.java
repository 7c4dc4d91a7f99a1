import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/**
 * Streams answers through a proxy and checks every chunk. This program is the upstream and the
 * client at once, in one thread: each chunk carries its number and the time it was written, so what
 * the client reads is compared on one clock, and a lost, doubled or late chunk shows. As providers
 * do, the upstream says what was used in a last event when it is asked to.
 *
 * <p>Arguments: upstream-port port path authorization body-file answers concurrent chunks
 * interval-micros. With port equal to upstream-port the client talks to the upstream directly.
 * Prints one line of JSON.
 */
final class Streams {
  /** One chunk of the transfer coding with one event; its number and time are patched in. */
  private static final byte[] EVENT =
      chunk("data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"bench\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
          + "\"000000@0000000000000000000 \"},\"finish_reason\":null}]}\n\n");
  private static final int NUMBER_END = new String(EVENT, StandardCharsets.ISO_8859_1).indexOf('@');
  private static final int TIME_END = NUMBER_END + 20;
  private static final byte[] HEAD =
      ascii(
          "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n");
  private static final String ASKS_FOR_USAGE = "\"include_usage\":true";
  private static final byte[] USAGE =
      chunk("data: {\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"bench\",\"choices\":[],\"usage\":{\"prompt_tokens\":45,"
          + "\"completion_tokens\":20,\"total_tokens\":65}}\n\n");
  private static final byte[] DONE = ascii("e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
  private static final long PATIENCE_NANOS = 60_000_000_000L;

  /** One request being answered chunk by chunk. */
  private static final class Served {
    final SocketChannel channel;
    final byte[] seen = new byte[16 * 1024];
    int have;
    int sent;
    boolean saysUsage;
    long due;

    Served(SocketChannel channel) {
      this.channel = channel;
    }
  }

  /** One client connection with the answer it is reading. */
  private static final class Asked {
    final SocketChannel channel;
    final Answer answer = new Answer();
    long asked;

    Asked(SocketChannel channel) {
      this.channel = channel;
    }
  }

  private final Selector selector = Selector.open();
  private final ByteBuffer in = ByteBuffer.allocateDirect(64 * 1024);
  private final ArrayDeque<Served> due = new ArrayDeque<>();
  private final byte[] request;
  private final int answers;
  private final int chunks;
  private final long intervalNanos;
  private final long[] firstChunk;
  private final long[] chunkDelay;
  private int started;
  private int finished;
  private int broken;
  private int firsts;
  private int delays;
  private long lost;

  private Streams(byte[] request, int answers, int chunks, long intervalNanos) throws IOException {
    this.request = request;
    this.answers = answers;
    this.chunks = chunks;
    this.intervalNanos = intervalNanos;
    this.firstChunk = new long[answers];
    this.chunkDelay = new long[answers * chunks];
  }

  public static void main(String[] args) throws IOException {
    int upstreamPort = Integer.parseInt(args[0]);
    int port = Integer.parseInt(args[1]);
    byte[] body = Files.readAllBytes(Path.of(args[4]));
    byte[] request = Wire.post("127.0.0.1:" + port, args[2], args[3], body);
    int answers = Integer.parseInt(args[5]);
    int concurrent = Integer.parseInt(args[6]);
    long interval = Long.parseLong(args[8]) * 1000;
    Streams run = new Streams(request, answers, Integer.parseInt(args[7]), interval);
    run.listen(upstreamPort);
    for (int i = 0; i < Math.min(concurrent, answers); i++) {
      run.connect(port);
    }
    run.loop();
    run.print();
  }

  private void listen(int port) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open();
    server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
    server.bind(new InetSocketAddress("127.0.0.1", port), 1024);
    server.configureBlocking(false);
    server.register(selector, SelectionKey.OP_ACCEPT);
  }

  private void connect(int port) throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    Asked asked = new Asked(channel);
    channel.register(selector, SelectionKey.OP_READ, asked);
    ask(asked);
  }

  private void ask(Asked asked) throws IOException {
    if (started < answers) {
      started++;
      asked.answer.begin();
      asked.asked = System.nanoTime();
      Wire.write(asked.channel, request);
    }
  }

  private void loop() throws IOException {
    long lastProgress = System.nanoTime();
    int seen = 0;
    while (finished + broken < answers) {
      long now = System.nanoTime();
      if (finished + broken != seen) {
        seen = finished + broken;
        lastProgress = now;
      } else if (now - lastProgress > PATIENCE_NANOS) {
        broken = answers - finished;
        return;
      }
      while (!due.isEmpty() && due.peek().due <= now) {
        emit(due.poll());
      }
      if (selector.selectNow(this::serve) == 0) {
        LockSupport.parkNanos(10_000);
      }
    }
  }

  private void serve(SelectionKey key) {
    try {
      if (key.attachment() instanceof Asked asked) {
        readAnswer(key, asked);
      } else if (key.attachment() instanceof Served served) {
        readRequest(key, served);
      } else {
        SocketChannel accepted = ((ServerSocketChannel) key.channel()).accept();
        accepted.setOption(StandardSocketOptions.TCP_NODELAY, true);
        accepted.configureBlocking(false);
        accepted.register(selector, SelectionKey.OP_READ, new Served(accepted));
      }
    } catch (IOException e) {
      key.cancel();
      if (key.attachment() instanceof Asked asked && asked.answer.isOpen()) {
        broken++;
      }
    }
  }

  // As upstream

  private void readRequest(SelectionKey key, Served served) throws IOException {
    in.clear();
    int count = served.channel.read(in);
    if (count < 0) {
      key.cancel();
      served.channel.close();
      return;
    }
    in.flip().get(served.seen, served.have, count);
    served.have += count;
    String text = new String(served.seen, 0, served.have, StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      return;
    }
    String head = text.substring(0, headEnd).toLowerCase() + "\r\n";
    int at = head.indexOf("content-length: ") + "content-length: ".length();
    int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)).strip());
    if (served.have >= headEnd + 4 + length) {
      served.have = 0;
      served.sent = 0;
      served.saysUsage = text.contains(ASKS_FOR_USAGE);
      Wire.write(served.channel, HEAD);
      emit(served);
    }
  }

  private void emit(Served served) throws IOException {
    served.sent++;
    patch(NUMBER_END, 6, served.sent);
    patch(TIME_END, 19, System.nanoTime());
    Wire.write(served.channel, EVENT);
    if (served.sent == chunks) {
      if (served.saysUsage) {
        Wire.write(served.channel, USAGE);
      }
      Wire.write(served.channel, DONE);
    } else {
      served.due = System.nanoTime() + intervalNanos;
      due.add(served);
    }
  }

  private static void patch(int end, int digits, long value) {
    for (int i = end - 1; i >= end - digits; i--) {
      EVENT[i] = (byte) ('0' + value % 10);
      value /= 10;
    }
  }

  // As client

  private void readAnswer(SelectionKey key, Asked asked) throws IOException {
    in.clear();
    int count = asked.channel.read(in);
    if (count < 0) {
      key.cancel();
      if (asked.answer.isOpen()) {
        throw new IOException("closed before the answer was complete");
      }
      return;
    }
    long now = System.nanoTime();
    in.flip();
    asked.answer.read(in, (number, written) -> note(asked, number, now, written));
    if (asked.answer.isComplete()) {
      lost += chunks - asked.answer.inOrder();
      finished++;
      ask(asked);
    }
  }

  private void note(Asked asked, int number, long now, long written) {
    if (number == 1) {
      firstChunk[firsts++] = now - asked.asked;
    }
    if (delays < chunkDelay.length) {
      chunkDelay[delays++] = now - written;
    }
  }

  private void print() {
    // The connections' first answers meet cold code and a burst of connects: not what is measured.
    int skip = Math.min(firsts / 10, 500);
    long[] first = Arrays.copyOfRange(firstChunk, skip, firsts);
    long[] delay = Arrays.copyOfRange(chunkDelay, Math.min(delays, skip * chunks), delays);
    System.out.printf(
        "{\"answers\": %d, \"broken\": %d, \"chunks\": %d, \"lost\": %d, \"first_p50_us\": %s,"
            + " \"first_p99_us\": %s, \"chunk_p50_us\": %s, \"chunk_p99_us\": %s}%n",
        finished, broken, delays, lost + (long) broken * chunks,
        Wire.micros(first, 50), Wire.micros(first, 99),
        Wire.micros(delay, 50), Wire.micros(delay, 99));
  }

  private static byte[] chunk(String event) {
    return ascii(Integer.toHexString(event.length()) + "\r\n" + event + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
