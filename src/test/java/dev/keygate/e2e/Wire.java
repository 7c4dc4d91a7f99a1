package dev.keygate.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** HTTP/1.1 as a test writes it, byte for byte; characters are bytes. */
final class Wire {
  private static final int PATIENCE_MILLIS = 20_000;

  private final int port;

  Wire(int port) {
    this.port = port;
  }

  /** What came back on one connection. */
  record Answer(int status, String text) {
    /** The value of the first header line of this name, or an empty text. */
    String header(String name) {
      return Arrays.stream(text.split("\r\n", -1))
          .takeWhile(line -> !line.isEmpty())
          .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
          .map(line -> line.substring(name.length() + 1).strip())
          .findFirst()
          .orElse("");
    }
  }

  /** Sends bytes on a connection of their own and reads until the gateway ends it. */
  Answer send(String bytes) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      OutputStream out = socket.getOutputStream();
      out.write(bytes.getBytes(ISO_8859_1));
      out.flush();
      String text;
      try {
        text = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      } catch (SocketException reset) {
        text = "";
      }
      return new Answer(text.length() < 12 ? 0 : Integer.parseInt(text.substring(9, 12)), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A POST of a chat request with these header lines, after which the connection ends. */
  Answer chat(String body, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    if (all.stream().noneMatch(line -> line.regionMatches(true, 0, "host:", 0, 5))) {
      all.add("Host: gateway.example");
    }
    all.add("Content-Type: application/json");
    all.add("Content-Length: " + body.length());
    return post(all, body);
  }

  /** The same, with the body in chunks and fields after it. */
  Answer chunked(List<String> chunks, String trailer, String... lines) {
    List<String> all = new ArrayList<>(List.of(lines));
    all.add("Host: gateway.example");
    all.add("Content-Type: application/json");
    all.add("Transfer-Encoding: chunked");
    StringBuilder body = new StringBuilder();
    chunks.forEach(chunk ->
        body.append(Integer.toHexString(chunk.length()))
            .append("\r\n")
            .append(chunk)
            .append("\r\n"));
    return post(all, body.append("0\r\n").append(trailer).append("\r\n").toString());
  }

  private Answer post(List<String> lines, String body) {
    return send(
        "POST /v1/chat/completions HTTP/1.1\r\nConnection: close\r\n"
            + String.join("\r\n", lines)
            + "\r\n\r\n"
            + body);
  }
}
