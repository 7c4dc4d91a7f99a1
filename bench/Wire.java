import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What both load generators share: request bytes, non-blocking writes, percentiles. */
final class Wire {
  private Wire() {}

  /** A POST of this body, as bytes to be written again and again. */
  static byte[] post(String host, String path, String authorization, byte[] body) {
    String head =
        "POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\nAuthorization: " + authorization
            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
    byte[] headBytes = head.getBytes(StandardCharsets.ISO_8859_1);
    byte[] all = Arrays.copyOf(headBytes, headBytes.length + body.length);
    System.arraycopy(body, 0, all, headBytes.length, body.length);
    return all;
  }

  /** Writes everything at once; loopback socket buffers hold what these programs write. */
  static void write(SocketChannel channel, byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  /** The nearest-rank percentile, in microseconds with two decimals, of nanoseconds. */
  static String micros(long[] nanos, double percentile) {
    if (nanos.length == 0) {
      return "null";
    }
    Arrays.sort(nanos);
    int rank = (int) Math.ceil(percentile / 100 * nanos.length) - 1;
    return String.format("%.2f", nanos[Math.max(0, rank)] / 1000.0);
  }
}
