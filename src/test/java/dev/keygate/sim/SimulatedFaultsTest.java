package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every fault as it is seen on a socket. */
class SimulatedFaultsTest {

  private static final int SHORT_SILENCE_MILLIS = 300;

  private final SimulatorClient client = new SimulatorClient();

  @AfterEach
  void close() {
    client.close();
  }

  /** Sends a chat on a socket of its own, the server to close it after the answer. */
  private Socket chatSocket(String model, boolean streamed) throws IOException {
    String body = SimulatorClient.chatBody(model, streamed);
    Socket socket = new Socket("127.0.0.1", client.simulator.port());
    socket.setSoTimeout(20_000);
    String head =
        "POST /v1/chat/completions HTTP/1.1\r\nhost: sim\r\nauthorization: Bearer k\r\n"
            + ("content-length: " + body.length() + "\r\nconnection: close\r\n\r\n");
    socket.getOutputStream().write((head + body).getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private String rawChat(String model, boolean streamed) throws IOException {
    try (Socket socket = chatSocket(model, streamed)) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** What comes before the silence. */
  private String rawChatUntilSilence(String model, boolean streamed) throws IOException {
    StringBuilder text = new StringBuilder();
    try (Socket socket = chatSocket(model, streamed)) {
      socket.setSoTimeout(SHORT_SILENCE_MILLIS);
      for (int b = socket.getInputStream().read(); b >= 0; b = socket.getInputStream().read()) {
        text.append((char) b);
      }
      throw new AssertionError("closed instead of stalled: " + text);
    } catch (SocketTimeoutException _) {
      return text.toString();
    }
  }

  private static int events(String raw) {
    return raw.split("data: ", -1).length - 1;
  }

  @Test
  void statusIsAnsweredInEachVendorsShape() throws Exception {
    HttpResponse<String> openAi = client.chat("gpt-4o-sim-status-429");
    assertThat(openAi.statusCode()).isEqualTo(429);
    assertThat(openAi.headers().firstValue("retry-after")).contains("7");
    assertThat(SimulatorClient.json(openAi).at("/error/code").stringValue())
        .isEqualTo("rate_limit_exceeded");
    HttpResponse<String> anthropic =
        client.post("/v1/messages", SimulatorClient.chatBody("claude-sim-status-529", false));
    assertThat(anthropic.statusCode()).isEqualTo(529);
    assertThat(SimulatorClient.json(anthropic).at("/error/type").stringValue())
        .isEqualTo("overloaded_error");
  }

  @Test
  void aFaultMayBeAskedForByHeader() throws Exception {
    var request = client.request("/v1/models").header("x-sim-fault", "status-503").GET().build();
    assertThat(client.send(request).statusCode()).isEqualTo(503);
    var unknown = client.request("/v1/models").header("x-sim-fault", "explode").GET().build();
    assertThat(client.send(unknown).body()).contains("x-sim-fault 'explode'");
  }

  @Test
  void delayHoldsBackTheHead() throws Exception {
    long before = System.nanoTime();
    assertThat(client.chat("sim-delay-250ms").statusCode()).isEqualTo(200);
    assertThat(System.nanoTime() - before).isGreaterThan(240_000_000L);
  }

  @Test
  void slowSpacesTheEvents() throws Exception {
    long before = System.nanoTime();
    assertThat(events(client.streamedChat("sim-slow-20ms-sim-chunks-10").body())).isEqualTo(14);
    assertThat(System.nanoTime() - before).isGreaterThan(200_000_000L);
  }

  @Test
  void chunksAreCounted() throws Exception {
    // A beginning, 1000 pieces, an end, the usage, [DONE].
    assertThat(events(client.streamedChat("sim-chunks-1000").body())).isEqualTo(1004);
  }

  @Test
  void hugeAnswersAreHuge() throws Exception {
    assertThat(client.chat("sim-huge-10mb").body().length()).isGreaterThan(10 * 1024 * 1024);
    assertThat(client.streamedChat("sim-huge-10mb").body().length())
        .isGreaterThan(10 * 1024 * 1024);
  }

  @Test
  void cutClosesAfterSomeEvents() throws Exception {
    String raw = rawChat("sim-cut-3", true);
    assertThat(events(raw)).isEqualTo(3);
    assertThat(raw).doesNotContain("\r\n0\r\n");
    assertThat(events(rawChat("sim-cut-0", true))).isZero();
    assertThatThrownBy(() -> client.chat("sim-cut-1")).isInstanceOf(IOException.class);
    assertThat(client.simulator.awaitCancelled(_ -> true)).isNotDone();
  }

  @Test
  void stallFallsSilentAfterSomeEvents() throws Exception {
    assertThat(events(rawChatUntilSilence("sim-stall-2", true))).isEqualTo(2);
    assertThat(rawChatUntilSilence("sim-stall-2", false)).contains("chatcmpl").doesNotEndWith("}");
    assertThat(rawChatUntilSilence("sim-stall-headers", true)).isEmpty();
  }

  @Test
  void resetResetsBeforeTheHead() throws Exception {
    try (Socket socket = chatSocket("sim-reset", false)) {
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
  }

  @Test
  void malformedBreaksTheJson() throws Exception {
    assertThat(client.chat("sim-malformed").body()).startsWith("{").doesNotEndWith("}");
    String third = client.streamedChat("sim-malformed").body().split("\n\n", -1)[2];
    assertThat(third).startsWith("data: {").doesNotEndWith("}");
  }

  @Test
  void badLengthPromisesMoreThanComes() throws Exception {
    for (boolean streamed : new boolean[] {false, true}) {
      String raw = rawChat("sim-badlength", streamed);
      String[] parts = raw.split("\r\n\r\n", 2);
      int promised = Integer.parseInt(parts[0].replaceAll("(?s).*content-length: (\\d+).*", "$1"));
      assertThat(promised).isEqualTo(parts[1].length() + 64);
    }
  }

  @Test
  void redirectLeadsToWhereItIsSeen() throws Exception {
    HttpResponse<String> response = client.chat("sim-redirect");
    assertThat(response.statusCode()).isEqualTo(307);
    assertThat(response.headers().firstValue("location")).contains("/_sim/redirected");
    client.send(client.request("/_sim/redirected").build());
    assertThat(client.simulator.received().getLast().path()).isEqualTo("/_sim/redirected");
  }
}
