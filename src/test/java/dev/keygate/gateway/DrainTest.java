package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.policy.Authorization;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Stopping: nothing new is taken, what is open ends or is cut at the deadline. */
class DrainTest {
  private static final String REQUEST = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final Duration LONG = Duration.ofSeconds(30);

  private final ScriptedStream stream = new ScriptedStream();

  private RunningGateway streaming() {
    return RunningGateway.with(stream.answering("text/event-stream", -1));
  }

  @Test
  void anOpenStreamMayEnd() throws IOException {
    try (RunningGateway gateway = streaming();
        RawClient client = gateway.connect()) {
      client.send(REQUEST).head();
      Future<Integer> drained = gateway.server.drain(LONG);
      stream.emit("data: 1\n\n");
      assertThat(client.chunk()).isEqualTo("data: 1\n\n");
      assertThat(drained.isComplete()).isFalse();
      stream.end();
      assertThat(client.chunk()).isEmpty();
      assertThat(RunningGateway.await(drained)).isZero();
    }
  }

  @Test
  void aStreamThatDoesNotEndIsCutAndCounted() throws IOException {
    try (RunningGateway gateway = streaming();
        RawClient client = gateway.connect()) {
      client.send(REQUEST).head();
      assertThat(RunningGateway.await(gateway.server.drain(Duration.ofMillis(100)))).isEqualTo(1);
      assertThat(client.rest()).isIn("", "(reset)");
      stream.awaitCancelled();
    }
  }

  @Test
  void idleConnectionsAreClosedAndNewOnesAreNotAccepted() {
    try (RunningGateway gateway = RunningGateway.with(ScriptedPolicy.echo(Authorization.NONE));
        RawClient idle = gateway.connect();
        RawClient silent = gateway.connect()) {
      assertThat(idle.send(REQUEST).answer().status()).isEqualTo(200);
      assertThat(RunningGateway.await(gateway.server.drain(LONG))).isZero();
      assertThat(idle.rest()).isEmpty();
      assertThat(silent.rest()).isEmpty();
      assertThatThrownBy(gateway::connect).isInstanceOf(UncheckedIOException.class);
    }
  }
}
