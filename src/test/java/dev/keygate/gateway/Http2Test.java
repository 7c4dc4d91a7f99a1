package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.policy.Authorization;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** HTTP/2 with prior knowledge, on the same port as HTTP/1. */
class Http2Test {
  private final ScriptedPolicy policy = ScriptedPolicy.echo(Authorization.API_KEY);
  private final RunningGateway gateway = RunningGateway.with(policy);
  private final String key = gateway.key();
  private final HttpClient client =
      gateway.vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));

  @AfterEach
  void stop() {
    gateway.close();
  }

  private record Seen(int status, MultiMap headers, String body) {}

  private Future<Seen> post(Consumer<HttpClientRequest> change, Buffer body) {
    return client
        .request(HttpMethod.POST, gateway.port, "127.0.0.1", "/v1/messages")
        .compose(request -> {
          change.accept(request);
          return request.send(body);
        })
        .compose(answer ->
            answer
                .body()
                .map(bytes -> new Seen(answer.statusCode(), answer.headers(), bytes.toString())));
  }

  private void authorized(HttpClientRequest request) {
    request.putHeader("x-api-key", key);
  }

  @Test
  void manyStreamsOfOneConnectionAreServedAtOnce() {
    List<Future<Seen>> answers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      answers.add(post(this::authorized, Buffer.buffer("body " + i)));
    }
    for (int i = 0; i < 50; i++) {
      Seen seen = RunningGateway.await(answers.get(i));
      assertThat(seen.body()).isEqualTo("body " + i);
      assertThat(seen.headers().get("x-request-id")).startsWith("req_");
    }
  }

  @Test
  void aRefusedStreamLeavesTheOthersAlone() {
    Seen refused = RunningGateway.await(post(request -> {}, Buffer.buffer("{}")));
    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.headers().get("x-keygate-error")).isEqualTo("ERR_NGROK_27007");
    assertThat(refused.headers().contains("connection")).isFalse();

    Buffer large = Buffer.buffer("x".repeat(200_000));
    assertThat(RunningGateway.await(post(this::authorized, large)).status()).isEqualTo(413);

    assertThat(RunningGateway.await(post(this::authorized, Buffer.buffer("{}"))).body())
        .isEqualTo("{}");
  }

  @Test
  void aSecondHostIsRefused() {
    Future<Seen> answer =
        post(
            request -> {
              authorized(request);
              request.putHeader("host", "other");
            },
            Buffer.buffer("{}"));
    // A malformed request is a stream error (RFC 9113 section 8.1.1).
    assertThatThrownBy(() -> RunningGateway.await(answer))
        .hasRootCauseInstanceOf(StreamResetException.class);
    assertThat(policy.seen()).isEmpty();
  }

  @Test
  void tooManyHeaderLinesAreRefused() {
    Seen seen =
        RunningGateway.await(
            post(
                request -> {
                  for (int i = 0; i < 101; i++) {
                    request.putHeader("x-" + i, "y");
                  }
                },
                Buffer.buffer("{}")));
    assertThat(seen.status()).isEqualTo(431);
  }

  @Test
  void anUpgradeFromHttp1IsNotMade() {
    RawClient.Answer answer =
        gateway.exchange(
            "POST /v1/messages HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n"
                + "x-api-key: "
                + key
                + "\r\nContent-Length: 2\r\n\r\n{}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{}");
  }

  @Test
  void aWebSocketIsNotOpened() {
    RawClient.Answer answer =
        gateway.exchange(
            "GET /v1/realtime HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                + "x-api-key: "
                + key
                + "\r\n\r\n");
    assertThat(answer.status()).isEqualTo(200);
  }
}
