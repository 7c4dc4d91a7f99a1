package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainHttpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static ApiServer.Reply exchange(String answer, CompletableFuture<String> received)
      throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().start(() -> answerOnce(server, answer, received));
      return PlainHttp.send(
          URI.create("http://127.0.0.1:" + server.getLocalPort() + "/keys?limit=1"),
          "PATCH",
          Map.of("X-One", "1"),
          "{\"a\":\"ü\"}",
          PATIENCE,
          PATIENCE);
    }
  }

  private static void answerOnce(
      ServerSocket server, String answer, CompletableFuture<String> received) {
    try (Socket client = server.accept()) {
      byte[] request = new byte[4096];
      int length = 0;
      while (!new String(request, 0, length, UTF_8).endsWith("}")) {
        length += client.getInputStream().read(request, length, request.length - length);
      }
      received.complete(new String(request, 0, length, UTF_8));
      client.getOutputStream().write(answer.getBytes(UTF_8));
    } catch (IOException e) {
      received.completeExceptionally(e);
    }
  }

  @Test
  void aRequestIsWrittenAsHttpSaysAndAnAnswerReadByItsLength() throws IOException {
    CompletableFuture<String> received = new CompletableFuture<>();
    ApiServer.Reply reply =
        exchange("HTTP/1.1 404 Not Found\r\ncontent-length: 4\r\n\r\n{ü}junk", received);
    assertThat(reply).isEqualTo(new ApiServer.Reply(404, "{ü}"));
    assertThat(received.join())
        .startsWith("PATCH /keys?limit=1 HTTP/1.1\r\nHost: 127.0.0.1:")
        .contains("\r\nX-One: 1\r\n", "\r\nContent-Length: 10\r\n\r\n{\"a\":\"ü\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;x=1\r\n{\"a\r\n4\r\n\":1}\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\n{\"a\":1}",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200\r\nContent-Length: 7\r\n\r\n{\"a\":1}"
      })
  void answersAreReadInEveryForm(String answer) throws IOException {
    assertThat(exchange(answer, new CompletableFuture<>()))
        .isEqualTo(new ApiServer.Reply(200, "{\"a\":1}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "SSH-2.0-x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffff\r\n{}"
      })
  void whatIsNoAnswerIsAFailure(String answer) {
    assertThatThrownBy(() -> exchange(answer, new CompletableFuture<>()))
        .isInstanceOf(IOException.class);
  }

  @Test
  void aServerThatIsSilentIsGivenUp() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() ->
              PlainHttp.send(
                  URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"),
                  "GET",
                  Map.of(),
                  "",
                  PATIENCE,
                  Duration.ofMillis(50)))
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(server.accept().getInputStream().readNBytes(3))
          .isEqualTo("GET".getBytes(ISO_8859_1));
    }
  }
}
