package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * One HTTP/1.1 call over a connection of its own, without TLS: how commands reach the server of
 * their own machine. Java's client would take longer to start than everything else together.
 */
final class PlainHttp {
  private static final int MOST_LINE = 16 * 1024;
  private static final int MOST_BODY = 64 * 1024 * 1024;

  private final InputStream in;

  private PlainHttp(InputStream in) {
    this.in = in;
  }

  /**
   * Sends a request and reads what is answered.
   *
   * @param connectTimeout for the connection; {@code timeout} for each read
   */
  static ApiServer.Reply send(
      URI uri,
      String method,
      Map<String, String> headers,
      String body,
      Duration connectTimeout,
      Duration timeout)
      throws IOException {
    String host = uri.getHost().replaceAll("[\\[\\]]", "");
    int port = uri.getPort() < 0 ? 80 : uri.getPort();
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), (int) connectTimeout.toMillis());
      socket.setSoTimeout((int) timeout.toMillis());
      socket.setTcpNoDelay(true);
      socket.getOutputStream().write(request(uri, method, headers, body.getBytes(UTF_8)));
      return new PlainHttp(new BufferedInputStream(socket.getInputStream())).reply();
    }
  }

  private static byte[] request(URI uri, String method, Map<String, String> headers, byte[] body) {
    StringBuilder head = new StringBuilder();
    String target = uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    head.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(uri.getRawAuthority()).append("\r\n");
    head.append("Connection: close\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    if (body.length > 0 || !method.equals("GET")) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
    all.writeBytes(body);
    return all.toByteArray();
  }

  private ApiServer.Reply reply() throws IOException {
    int status = status(line());
    long length = -1;
    boolean isChunked = false;
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = line.substring(colon + 1).strip();
      if (name.equals("content-length")) {
        length = number(value, 10);
      } else if (name.equals("transfer-encoding")) {
        isChunked = value.equalsIgnoreCase("chunked");
      }
    }
    if (status >= 100 && status < 200) {
      return reply();
    }
    if (status == 204 || status == 304) {
      return new ApiServer.Reply(status, "");
    }
    byte[] body = isChunked ? chunks() : length < 0 ? in.readNBytes(MOST_BODY) : exactly(length);
    return new ApiServer.Reply(status, new String(body, UTF_8));
  }

  private static int status(String line) throws ProtocolException {
    if (!line.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
      throw new ProtocolException("no HTTP answer");
    }
    return Integer.parseInt(line.substring(9, 12));
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (long size = chunkSize(); size > 0; size = chunkSize()) {
      if (body.size() + size > MOST_BODY) {
        throw new ProtocolException("an answer that is too long");
      }
      body.writeBytes(exactly(size));
      line();
    }
    return body.toByteArray();
  }

  private long chunkSize() throws IOException {
    return number(line().split(";", 2)[0].strip(), 16);
  }

  private static long number(String text, int radix) throws ProtocolException {
    try {
      long number = Long.parseLong(text, radix);
      if (number >= 0 && number <= MOST_BODY) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, in the same words as a number out of range.
    }
    throw new ProtocolException("a length that is none");
  }

  private byte[] exactly(long length) throws IOException {
    byte[] bytes = in.readNBytes((int) length);
    if (bytes.length < length) {
      throw new EOFException("the answer ends early");
    }
    return bytes;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int one = in.read(); one != '\n'; one = in.read()) {
      if (one < 0 || line.size() > MOST_LINE) {
        throw new EOFException("no HTTP answer");
      }
      line.write(one);
    }
    return line.toString(ISO_8859_1).stripTrailing();
  }
}
