package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Authorization;
import dev.keygate.policy.Policies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How much of a request the gateway takes in, from whom and for how long. */
class BodyLimitsTest {
  private static final int MAX_BODY = 100_000;
  private static final int MAX_BUFFERED = 150_000;
  private static final String HEAD = "POST /v1/messages HTTP/1.1\r\nHost: x\r\n";

  private final ScriptedPolicy policy = ScriptedPolicy.echo(Authorization.API_KEY);
  private final RunningGateway gateway =
      RunningGateway.with(settings(Duration.ofSeconds(30), Duration.ofSeconds(30)), policy);
  private final String authorized = HEAD + "x-api-key: " + gateway.key() + "\r\n";

  private static GatewaySettings settings(Duration request, Duration idle) {
    return new GatewaySettings(
        "127.0.0.1",
        0,
        1,
        MAX_BODY,
        MAX_BUFFERED,
        32 * 1024,
        100,
        request,
        idle,
        GatewaySettings.Proxies.NONE,
        Optional.empty());
  }

  @AfterEach
  void stop() {
    gateway.close();
  }

  private static String announced(int length) {
    return "Content-Length: " + length + "\r\n\r\n";
  }

  @Test
  void aBodyOfTheLimitIsTaken() {
    String body = "x".repeat(MAX_BODY);
    assertThat(gateway.exchange(authorized + announced(MAX_BODY) + body).body()).isEqualTo(body);
  }

  @Test
  void aBodyAnnouncedOverTheLimitIsRefusedBeforeItIsSent() {
    try (RawClient client = gateway.connect()) {
      RawClient.Answer answer = client.send(authorized + announced(MAX_BODY + 1)).answer();
      assertTooLarge(answer);
      client.sendInVain("x".repeat(MAX_BODY + 1));
      assertThat(client.endOutput().rest()).isIn("", "(reset)");
    }
  }

  @Test
  void aChunkedBodyIsRefusedWhereItPassesTheLimit() {
    try (RawClient client = gateway.connect()) {
      client.send(authorized + "Transfer-Encoding: chunked\r\n\r\n");
      String chunk = Integer.toHexString(50_000) + "\r\n" + "x".repeat(50_000) + "\r\n";
      client.send(chunk).send(chunk).sendInVain("1\r\nx\r\n");
      assertTooLarge(client.answer());
    }
    assertThat(policy.seen()).isEmpty();
  }

  @Test
  void theAnswerToAClientThatGoesOnSendingIsNotLost() {
    try (RawClient client = gateway.connect()) {
      client.send(authorized + announced(10_000_000));
      for (int i = 0; i < 20; i++) {
        client.sendInVain("x".repeat(100_000));
      }
      assertTooLarge(client.answer());
    }
  }

  private void assertTooLarge(RawClient.Answer answer) {
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_KEYGATE_BODY_TOO_LARGE");
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(answer.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\"");
  }

  @Test
  void allBodiesTogetherHaveALimitAndGiveTheirRoomBack() {
    String part = "x".repeat(90_000);
    try (RawClient first = gateway.connect();
        RawClient second = gateway.connect()) {
      first.send(authorized + announced(MAX_BODY) + part);
      // What the second sends in is answered only after the first's bytes have been counted.
      gateway.awaitBuffered(90_000);
      second.send(authorized + announced(MAX_BODY)).sendInVain("x".repeat(MAX_BODY));
      RawClient.Answer answer = second.answer();
      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_KEYGATE_OVERLOADED");
      assertThat(answer.header("retry-after")).isEqualTo("1");
      assertThat(first.send("x".repeat(10_000)).answer().status()).isEqualTo(200);
    }
    gateway.awaitBuffered(0);
  }

  @Test
  void whatRulesMakeOfABodyTakesItsRoom() throws IOException {
    gateway.publish(
        "ep_replacing",
        "replacing",
        Policies.policy(
            """
            on_http_request:
              - {type: request-body-find-replace, config: {replacements: [{from: a, to: b}]}}
              - {type: custom-response, config: {status_code: 200}}
            """));
    assertThat(compressed(MAX_BUFFERED / 2).status()).isEqualTo(200);
    RawClient.Answer answer = compressed(MAX_BUFFERED + 1);
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_KEYGATE_OVERLOADED");
    assertThat(answer.header("retry-after")).isEqualTo("1");
    gateway.awaitBuffered(0);
  }

  /** Sends so many characters, which take a few hundred bytes. */
  private RawClient.Answer compressed(int length) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write("a".repeat(length).getBytes(StandardCharsets.UTF_8));
    }
    return gateway.exchange(
        "POST /v1/messages HTTP/1.1\r\nHost: replacing\r\nContent-Encoding: gzip\r\n"
            + announced(packed.size())
            + packed.toString(StandardCharsets.ISO_8859_1));
  }

  @Test
  void aClientThatWaitsIsToldToGoOnOnlyAfterItsKeyWasChecked() throws IOException {
    String waiting = "Expect: 100-continue\r\n" + announced(2);
    try (RawClient client = gateway.connect()) {
      client.send(authorized + waiting);
      assertThat(client.head().status()).isEqualTo(100);
      assertThat(client.send("{}").answer().body()).isEqualTo("{}");
    }
    try (RawClient stranger = gateway.connect()) {
      stranger.send(HEAD + waiting);
      RawClient.Answer answer = stranger.interimOrFinal();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("connection")).isEqualTo("close");
    }
    try (RawClient greedy = gateway.connect()) {
      greedy.send(authorized + "Expect: 100-continue\r\n" + announced(MAX_BODY + 1));
      assertThat(greedy.interimOrFinal().status()).isEqualTo(413);
    }
  }

  @Test
  void aConnectionGoesOnAfterARefusalWithASmallBodyUnread() {
    try (RawClient client = gateway.connect()) {
      client.send(HEAD + announced(5000));
      assertThat(client.answer().status()).isEqualTo(401);
      client.send("x".repeat(5000));
      client.send(authorized + announced(2) + "{}");
      assertThat(client.answer().body()).isEqualTo("{}");
    }
  }

  @Test
  void requestsSentAtOnceAreAnsweredInOrder() {
    StringBuilder requests = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      String head = i % 5 == 4 ? HEAD : authorized;
      requests.append(head).append(announced(4)).append("%04d".formatted(i));
    }
    try (RawClient client = gateway.connect()) {
      client.send(requests.toString());
      for (int i = 0; i < 20; i++) {
        RawClient.Answer answer = client.answer();
        if (i % 5 == 4) {
          assertThat(answer.status()).isEqualTo(401);
        } else {
          assertThat(answer.body()).isEqualTo("%04d".formatted(i));
        }
      }
    }
  }

  @Test
  void theGoodRequestsBeforeABadOneAreAnswered() {
    try (RawClient client = gateway.connect()) {
      client.send(authorized + announced(2) + "{}" + authorized + "Content-Length: x\r\n\r\n");
      assertThat(client.answer().body()).isEqualTo("{}");
      assertThat(client.answer().status()).isEqualTo(400);
      assertThat(client.rest()).isEmpty();
    }
    assertThat(policy.seen()).hasSize(1);
  }

  @Test
  void aHeadThatTakesTooLongIsRefused() {
    try (RunningGateway hasty = hasty();
        RawClient client = hasty.connect()) {
      assertTimedOut(client.send("POST /v1/messages HTTP/1.1\r\nHos"));
    }
  }

  @Test
  void aBodyThatTakesTooLongIsRefused() {
    try (RunningGateway hasty = hasty();
        RawClient client = hasty.connect()) {
      client.send(HEAD + "x-api-key: " + hasty.key() + "\r\n" + announced(10) + "{");
      assertTimedOut(client);
    }
  }

  @Test
  void aSilentConnectionIsClosed() {
    try (RunningGateway hasty =
            RunningGateway.with(
                settings(Duration.ofSeconds(30), Duration.ofMillis(100)),
                ScriptedPolicy.echo(Authorization.NONE));
        RawClient silent = hasty.connect()) {
      assertThat(silent.rest()).isEmpty();
    }
  }

  @Test
  void aConnectionThatFallsSilentIsClosed() {
    try (RunningGateway hasty =
            RunningGateway.with(
                settings(Duration.ofSeconds(30), Duration.ofMillis(500)),
                ScriptedPolicy.echo(Authorization.NONE));
        RawClient idle = hasty.connect()) {
      idle.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(idle.answer().status()).isEqualTo(200);
      assertThat(idle.rest()).isEmpty();
    }
  }

  private static RunningGateway hasty() {
    return RunningGateway.with(
        settings(Duration.ofMillis(100), Duration.ofSeconds(30)),
        ScriptedPolicy.echo(Authorization.API_KEY));
  }

  private static void assertTimedOut(RawClient client) {
    RawClient.Answer answer = client.answer();
    assertThat(answer.status()).isEqualTo(408);
    assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_KEYGATE_REQUEST_TIMEOUT");
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(answer.body()).startsWith("{\"type\":\"error\"");
    assertThat(client.endOutput().rest()).isEmpty();
  }
}
