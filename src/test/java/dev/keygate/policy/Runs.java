package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;

/** Runs a policy's phases and takes the outcomes apart. */
public final class Runs {
  private Runs() {}

  /** The outcome, which must be there already. */
  public static Outcome settled(Outcome outcome) {
    if (!(outcome instanceof Outcome.Pending pending)) {
      return outcome;
    }
    if (pending.outcome().failed()) {
      throw new AssertionError(pending.outcome().cause());
    }
    assertThat(pending.outcome().isComplete()).isTrue();
    return settled(pending.outcome().result());
  }

  /** The answer of the request phase, which must give one. */
  public static Response request(String policy, Exchange exchange) {
    return response(settled(Policies.policy(policy).onHttpRequest(exchange)));
  }

  /** What is sent when this answer runs through the response phase. */
  public static Response response(String policy, Exchange exchange, Response original) {
    Outcome outcome = settled(Policies.policy(policy).onHttpResponse(exchange, original));
    return outcome instanceof Outcome.Continue ? original : response(outcome);
  }

  private static Response response(Outcome outcome) {
    assertThat(outcome).isInstanceOf(Outcome.Respond.class);
    return ((Outcome.Respond) outcome).response();
  }

  public static Response answer(int status, String contentType, String body) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("content-type", contentType);
    return new Response(status, headers, new ResponseBody.Whole(Buffer.buffer(body)));
  }

  public static Response streamed(String contentType, ChunkedStream stream) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().set("content-type", contentType);
    return new Response(200, headers, new ResponseBody.Streamed(stream, -1, () -> {}));
  }

  /** All bytes of a body; a stream is read to its end. */
  public static Buffer bytes(Response response) {
    return switch (response.body()) {
      case ResponseBody.Whole whole -> whole.bytes();
      case ResponseBody.Streamed streamed -> {
        Buffer read = Buffer.buffer();
        boolean[] ended = new boolean[1];
        streamed.source().endHandler(end -> ended[0] = true).handler(read::appendBuffer).resume();
        assertThat(ended[0]).isTrue();
        yield read;
      }
    };
  }

  public static String text(Response response) {
    return bytes(response).toString();
  }

  /** What an action left under {@code actions.ngrok}. */
  public static Map<?, ?> result(Exchange exchange, String name) {
    return (Map<?, ?>) Objects.requireNonNull(exchange.results().get(name));
  }

  /** Whether an expression is true of a request without anything special. */
  public static boolean holds(String expression) {
    String policy =
        "on_http_request:\n- expressions:\n  - |-\n    "
            + expression
            + "\n  actions: [{type: deny}]\n";
    return settled(Policies.policy(policy).onHttpRequest(Exchanges.get("/")))
        instanceof Outcome.Respond;
  }
}
