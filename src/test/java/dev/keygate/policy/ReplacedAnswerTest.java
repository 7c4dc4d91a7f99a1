package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Response rules and the provider's stream: it is read to its end or stopped, never forgotten. */
class ReplacedAnswerTest {
  private int cancelled;

  @Test
  void aReplacedStreamIsStopped() {
    run("{type: custom-response, config: {status_code: 502}}");
    assertThat(cancelled).isOne();
  }

  @Test
  void aStreamIsStoppedWhenARuleFailsOrClosesTheConnection() {
    assertThat(run("{type: log, config: {metadata: {a: '${vars.none}'}}}"))
        .isInstanceOf(Outcome.Refuse.class);
    assertThat(run("{type: close-connection}")).isEqualTo(Outcome.CLOSE);
    assertThat(cancelled).isEqualTo(2);
  }

  @Test
  void aStreamThatIsSentOnIsNotStopped() {
    assertThat(run("{type: add-headers, config: {headers: {a: b}}}")).isEqualTo(Outcome.CONTINUE);
    assertThat(run("{type: compress-response}")).isInstanceOf(Outcome.Respond.class);
    assertThat(cancelled).isZero();
  }

  private Outcome run(String action) {
    ChunkedStream stream = new ChunkedStream(List.of(Buffer.buffer("a"), Buffer.buffer("b")));
    Response response =
        new Response(
            200,
            MultiMap.caseInsensitiveMultiMap(),
            new ResponseBody.Streamed(stream, -1, () -> cancelled++));
    TrafficPolicy policy = Policies.policy("on_http_response:\n- actions: [" + action + "]\n");
    return Runs.settled(
        policy.onHttpResponse(
            Exchanges.request("GET", "/", "", "accept-encoding", "gzip"), response));
  }
}
