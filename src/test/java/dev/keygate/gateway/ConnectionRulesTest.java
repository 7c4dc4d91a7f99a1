package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Authorization;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules for the connection hold for every request on it, not for the first alone. */
class ConnectionRulesTest {
  private static final Outcome DENY =
      new Outcome.Refuse(Refusal.of(ErrorCode.IP_RESTRICTED, "Not from there."));
  private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";

  private final ScriptedPolicy policy = ScriptedPolicy.echo(Authorization.NONE);
  private final RunningGateway gateway = RunningGateway.with(policy);
  private final HttpClient http2 =
      gateway.vertx.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));

  @AfterEach
  void stop() {
    gateway.close();
  }

  private Future<Integer> stream() {
    return http2
        .request(HttpMethod.GET, gateway.port, "127.0.0.1", "/v1/models")
        .compose(request -> request.send())
        .map(HttpClientResponse::statusCode);
  }

  @Test
  void aConnectionThatWasRefusedIsRefusedAgain() {
    policy.onConnect(exchange -> DENY);
    try (RawClient client = gateway.connect()) {
      for (int request = 0; request < 3; request++) {
        assertThat(client.send(GET).answer().status()).isEqualTo(403);
      }
    }
    assertThat(policy.seen()).isEmpty();
  }

  @Test
  void aSecondStreamDoesNotPassWhereTheFirstWasClosed() {
    policy.onConnect(exchange -> Outcome.CLOSE);
    for (int request = 0; request < 3; request++) {
      assertThatThrownBy(() -> RunningGateway.await(stream()))
          .hasRootCauseInstanceOf(StreamResetException.class);
    }
    assertThat(policy.seen()).isEmpty();
  }

  @Test
  void aStreamDoesNotOvertakeTheRulesThatAnotherWaitsFor() {
    Promise<Outcome> decision = Promise.promise();
    AtomicInteger asked = new AtomicInteger();
    policy.onConnect(exchange -> {
      asked.incrementAndGet();
      return new Outcome.Pending(decision.future());
    });
    Future<Integer> first = stream();
    Future<Integer> second = stream();
    RunningGateway.awaitTrue(() -> asked.get() == 2);
    assertThat(policy.seen()).isEmpty();
    decision.complete(DENY);
    assertThat(RunningGateway.await(first)).isEqualTo(403);
    assertThat(RunningGateway.await(second)).isEqualTo(403);
  }

  @Test
  void anotherEndpointsRulesAreAskedForItsRequests() {
    ScriptedPolicy closed = ScriptedPolicy.echo(Authorization.NONE).onConnect(exchange -> DENY);
    gateway.publish("ep_2", "closed.example", closed);
    try (RawClient client = gateway.connect()) {
      assertThat(client.send(GET).answer().status()).isEqualTo(200);
      assertThat(client.send(GET.replace(": x", ": closed.example")).answer().status())
          .isEqualTo(403);
    }
    assertThat(closed.seen()).isEmpty();
  }

  @Test
  void aPolicyThatIsSavedHoldsForConnectionsThatAreOpen() {
    try (RawClient client = gateway.connect()) {
      assertThat(client.send(GET).answer().status()).isEqualTo(200);
      gateway.publish(
          RunningGateway.ENDPOINT,
          "",
          ScriptedPolicy.echo(Authorization.NONE).onConnect(exchange -> DENY));
      assertThat(client.send(GET).answer().status()).isEqualTo(403);
    }
  }

  @Test
  void whoHasPassedIsNotAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    policy.onConnect(exchange -> {
      asked.incrementAndGet();
      return Outcome.CONTINUE;
    });
    try (RawClient client = gateway.connect()) {
      for (int request = 0; request < 3; request++) {
        assertThat(client.send(GET).answer().status()).isEqualTo(200);
      }
    }
    assertThat(asked).hasValue(1);
  }
}
