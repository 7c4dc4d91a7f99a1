import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Sends requests at a fixed rate and measures each from the moment it was due, so that a stall
 * counts for every request it delays. wrk cannot do that: it sends the next request when the last
 * one is answered, and a slow server is asked less.
 *
 * <p>This program has no core to itself and is held up as well. Then nothing is sent at that rate,
 * answers lie unread, and what was missed goes out all at once: whatever was due around such a
 * pause says nothing about the server. It is left out of the latencies, and counted. Which requests
 * these are follows from the pauses alone, never from how long an answer took.
 *
 * <p>Arguments: port path authorization body-file rate-per-second seconds connections. Prints one
 * line of JSON. One thread, no allocation per request.
 */
final class Rate {
  /** Nothing that this program does takes as long, in nanoseconds: most is a sleep of 60 µs. */
  private static final long PAUSE_NANOS = 250_000;

  /** How long before a pause the requests were due whose answers came in it, in nanoseconds. */
  private static final long MARGIN_NANOS = 1_000_000;

  private static final byte[] LENGTH = "content-length: ".getBytes(StandardCharsets.ISO_8859_1);

  private static final class Connection {
    final ByteBuffer in = ByteBuffer.allocateDirect(16 * 1024);
    final byte[] seen = new byte[16 * 1024];
    SocketChannel channel;
    long due;
    int have;
    boolean failed;
  }

  private record Pause(long start, long end) {
    /** What was missed is sent when it ends, and a server at half load needs as long again for it. */
    boolean spoils(long due) {
      return due > start - MARGIN_NANOS && due < end + (end - start) + MARGIN_NANOS;
    }
  }

  private final Selector selector = Selector.open();
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final byte[] request;
  private final long[] latencies;
  private final long[] dues;
  private final List<Pause> pauses = new ArrayList<>();
  private long lastStep;
  private int answered;
  private int refused;
  private int broken;

  private Rate(byte[] request, int most) throws IOException {
    this.request = request;
    this.latencies = new long[most];
    this.dues = new long[most];
  }

  public static void main(String[] args) throws IOException {
    int port = Integer.parseInt(args[0]);
    byte[] body = Files.readAllBytes(Path.of(args[3]));
    byte[] request = Wire.post("127.0.0.1:" + port, args[1], args[2], body);
    double rate = Double.parseDouble(args[4]);
    double seconds = Double.parseDouble(args[5]);
    Rate run = new Rate(request, (int) (rate * seconds) + 1);
    run.connect(port, Integer.parseInt(args[6]));
    // The first second warms this program itself and is thrown away.
    run.send(rate, (int) Math.min(rate, rate * seconds / 4));
    run.forget();
    run.send(rate, (int) (rate * seconds));
    run.print();
  }

  private void connect(int port, int connections) throws IOException {
    for (int i = 0; i < connections; i++) {
      Connection connection = new Connection();
      connection.channel = SocketChannel.open(new InetSocketAddress("127.0.0.1", port));
      connection.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      connection.channel.configureBlocking(false);
      connection.channel.register(selector, SelectionKey.OP_READ, connection);
      idle.add(connection);
    }
  }

  private void send(double rate, int count) throws IOException {
    double interval = 1e9 / rate;
    long start = System.nanoTime();
    long giveUp = start + (long) (interval * count) + 5_000_000_000L;
    int goal = answered + refused + broken + count;
    int sent = 0;
    lastStep = start;
    while (answered + refused + broken < goal && System.nanoTime() < giveUp) {
      long now = System.nanoTime();
      while (sent < count && !idle.isEmpty() && start + (long) (interval * sent) <= now) {
        Connection connection = idle.poll();
        connection.due = start + (long) (interval * sent);
        connection.have = 0;
        sent++;
        Wire.write(connection.channel, request);
        step();
      }
      if (selector.selectNow(this::read) == 0) {
        // Nothing to read and nothing due: leave the core to the upstream that shares it.
        LockSupport.parkNanos(10_000);
      }
      step();
    }
    broken += goal - answered - refused - broken;
  }

  /** Between any two things that this program does, so that a pause is one and not many of them. */
  private void step() {
    long now = System.nanoTime();
    if (now - lastStep > PAUSE_NANOS) {
      pauses.add(new Pause(lastStep, now));
    }
    lastStep = now;
  }

  private void read(SelectionKey key) {
    step();
    Connection connection = (Connection) key.attachment();
    try {
      connection.in.clear();
      int count = connection.channel.read(connection.in);
      if (count < 0) {
        throw new IOException("closed");
      }
      connection.in.flip().get(connection.seen, connection.have, count);
      connection.have += count;
      if (isComplete(connection)) {
        finish(connection);
      }
    } catch (IOException | IndexOutOfBoundsException e) {
      key.cancel();
      broken++;
    }
  }

  private void finish(Connection connection) {
    if (connection.seen[9] == '2') {
      latencies[answered] = System.nanoTime() - connection.due;
      dues[answered] = connection.due;
      answered++;
    } else {
      refused++;
    }
    idle.add(connection);
  }

  private static boolean isComplete(Connection connection) throws IOException {
    byte[] seen = connection.seen;
    int length = -1;
    for (int i = 0; i + 3 < connection.have; i++) {
      if (seen[i] == '\n' && (seen[i + 1] | 0x20) == 'c') {
        length = startsWithLength(seen, i + 1) ? number(seen, i + 1 + LENGTH.length) : length;
      }
      if (seen[i] == '\r' && seen[i + 1] == '\n' && seen[i + 2] == '\r' && seen[i + 3] == '\n') {
        if (length < 0) {
          throw new IOException("an answer without content-length");
        }
        return connection.have >= i + 4 + length;
      }
    }
    return false;
  }

  private static boolean startsWithLength(byte[] seen, int from) {
    for (int i = 0; i < LENGTH.length; i++) {
      if ((seen[from + i] | 0x20) != (LENGTH[i] | 0x20)) {
        return false;
      }
    }
    return true;
  }

  private static int number(byte[] seen, int from) {
    int value = 0;
    for (int i = from; seen[i] >= '0' && seen[i] <= '9'; i++) {
      value = value * 10 + seen[i] - '0';
    }
    return value;
  }

  private void forget() {
    pauses.clear();
    answered = 0;
    refused = 0;
    broken = 0;
  }

  private void print() {
    long[] seen =
        IntStream.range(0, answered)
            .filter(i -> pauses.stream().noneMatch(pause -> pause.spoils(dues[i])))
            .mapToLong(i -> latencies[i])
            .toArray();
    System.out.printf(
        "{\"answered\": %d, \"refused\": %d, \"broken\": %d, \"unseen\": %d, \"p50_us\": %s,"
            + " \"p99_us\": %s}%n",
        answered, refused, broken, answered - seen.length, Wire.micros(seen, 50), Wire.micros(seen, 99));
  }
}
