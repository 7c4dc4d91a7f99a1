package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.ChunkedStream;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Runs;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class FindReplaceTest {
  private static final String REDACT =
      """
      on_http_request:
        - actions:
            - type: request-body-find-replace
              config:
                replacements:
                  - {from: '\\b\\d{3}-\\d{2}-(\\d{4})\\b', to: "[SSN $1 $$1 ${req.method}]"}
                  - {from: "secret "}
      """;
  private static final String RESPONSE =
      """
      on_http_response:
        - actions:
            - type: response-body-find-replace
              config: {replacements: [{from: "w[öo]rd", to: "***"}]}
      """;
  private static final String EVENTS =
      """
      on_event_stream_message:
        - actions:
            - type: sse-find-replace
              config: {replacements: [{from: "s(e)cret", to: "[$1]"}, {field: retry, from: "10", to: "20"}]}
      """;

  @Test
  void everyMatchInTheRequestIsReplacedAndTheLengthFollows() {
    Exchange exchange =
        Exchanges.request("POST", "/", "a secret 123-45-6789 ü", "Content-Length", "23");
    policy(REDACT).onHttpRequest(exchange);
    assertThat(exchange.body().toString()).isEqualTo("a [SSN 6789 $1 POST] ü");
    assertThat(exchange.headers().get("content-length"))
        .isEqualTo(Integer.toString(exchange.body().length()));
    assertThat(Runs.result(exchange, "request_body_find_replace").toString())
        .contains("123-45-6789");
  }

  @Test
  void bytesThatAreNoTextStayAsTheyCame() {
    Exchange exchange = Exchanges.request("POST", "/", "");
    byte[] bytes = {(byte) 0xff, 's', 'e', 'c', 'r', 'e', 't', ' ', (byte) 0x80, 0};
    exchange.body(Buffer.buffer(bytes));
    policy(REDACT).onHttpRequest(exchange);
    assertThat(exchange.body().getBytes()).containsExactly(0xff, 0x80, 0);
  }

  @Test
  void aCompressedRequestIsReadAndSentOnPlain() throws IOException {
    Exchange exchange = Exchanges.request("POST", "/", "", "content-encoding", "gzip");
    exchange.body(Buffer.buffer(gzip("a secret b")));
    policy(REDACT).onHttpRequest(exchange);
    assertThat(exchange.body().toString()).isEqualTo("a b");
    assertThat(exchange.headers().contains("content-encoding")).isFalse();
  }

  @Test
  void whatMayTakeLongIsReplacedOffTheEventLoopAndTheRulesGoOn() throws IOException {
    String next = "  - {type: add-headers, config: {headers: {x-next: reached}}}\n";
    Exchange coded = Exchanges.request("POST", "/", "", "content-encoding", "gzip");
    coded.body(Buffer.buffer(gzip("a secret b")));
    Exchange large = Exchanges.request("POST", "/", "a secret " + "b".repeat(64 * 1024));
    for (Exchange exchange : List.of(coded, large)) {
      assertThat(onEventLoop(() -> policy(REDACT + next).onHttpRequest(exchange)))
          .isEqualTo(Outcome.CONTINUE);
      assertThat(exchange.body().toString()).startsWith("a b");
      assertThat(exchange.headers().get("x-next")).isEqualTo("reached");
    }
    Exchange answered = Exchanges.get("/");
    Response streamed =
        Runs.streamed(
            "text/plain", ChunkedStream.cutAt(Buffer.buffer("word".repeat(32 * 1024)), 7));
    Outcome outcome = onEventLoop(() -> policy(RESPONSE + next).onHttpResponse(answered, streamed));
    assertThat(outcome).isInstanceOf(Outcome.Respond.class);
    Response replaced = ((Outcome.Respond) outcome).response();
    assertThat(Runs.text(replaced)).isEqualTo("***".repeat(32 * 1024));
    assertThat(replaced.headers().get("x-next")).isEqualTo("reached");
  }

  /**
   * How it ends, which must be left to come, and is told on the event loop. What is short may have
   * ended on the other thread by the time that anybody looks.
   */
  private static Outcome onEventLoop(Supplier<Outcome> run) {
    Vertx vertx = Vertx.vertx();
    CompletableFuture<Outcome> ended = new CompletableFuture<>();
    vertx.runOnContext(nothing -> {
      if (run.get() instanceof Outcome.Pending pending) {
        pending
            .outcome()
            .map(outcome -> Context.isOnEventLoopThread() ? outcome : Outcome.CLOSE)
            .onComplete(ended::complete, ended::completeExceptionally);
      } else {
        ended.complete(Outcome.CLOSE);
      }
    });
    try {
      return ended.orTimeout(10, TimeUnit.SECONDS).join();
    } finally {
      vertx.close();
    }
  }

  @Test
  void whatTheBodyBecomesIsBounded() {
    String header = "x".repeat(8000);
    Exchange exchange = Exchanges.request("POST", "/", "a".repeat(8000), "x-user", header);
    String policy =
        """
        on_http_request:
          - type: request-body-find-replace
            config: {replacements: [{from: a, to: "${req.headers['x-user'][0]}"}]}
        """;
    assertThat(policy(policy).onHttpRequest(exchange)).isInstanceOf(Outcome.Refuse.class);
    assertThat(exchange.body().length()).isEqualTo(8000);
  }

  @Test
  void aGatewayKeyIsNotPutIntoTheBody() {
    Exchange exchange = Exchanges.request("POST", "/", "a", "x-api-key", "ng-a-g1-b");
    String policy = REDACT.replace("${req.method}", "${req.headers['x-api-key'][0]}");
    assertThat(policy(policy).onHttpRequest(exchange)).isInstanceOf(Outcome.Refuse.class);
    assertThat(exchange.body().toString()).isEqualTo("a");
  }

  @Test
  void aBodyThatCannotBeReadIsRefused() {
    Exchange exchange = Exchanges.request("POST", "/", "xyz", "content-encoding", "br");
    assertThat(policy(REDACT).onHttpRequest(exchange)).isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void aBodyWithASecondCodingIsRefused() throws IOException {
    for (String first : List.of("identity", "gzip", "")) {
      Exchange exchange =
          Exchanges.request("POST", "/", "", "content-encoding", first, "content-encoding", "gzip");
      exchange.body(Buffer.buffer(gzip("a secret b")));
      assertThat(policy(REDACT).onHttpRequest(exchange))
          .as(first)
          .isInstanceOf(Outcome.Refuse.class);
    }
  }

  @Test
  void matchesInAnswersAreFoundWhereverTheChunksAreCut() {
    Buffer body = Buffer.buffer("a wörd and a word");
    for (int cut = 0; cut <= body.length(); cut++) {
      Response response =
          Runs.response(
              RESPONSE,
              Exchanges.get("/"),
              Runs.streamed("text/plain", ChunkedStream.cutAt(body, cut)));
      assertThat(Runs.text(response)).isEqualTo("a *** and a ***");
    }
  }

  @Test
  void anAnswerIsReadOnlyAsFarAsThereIsRoom() {
    AtomicInteger room = new AtomicInteger(10);
    AtomicInteger stopped = new AtomicInteger();
    Exchange exchange = Exchanges.get("/");
    exchange.bodyRoom(bytes -> room.addAndGet((int) -bytes) >= 0);
    Response answer =
        new Response(
            200,
            MultiMap.caseInsensitiveMultiMap(),
            new ResponseBody.Streamed(
                ChunkedStream.cutAt(Buffer.buffer("more than ten bytes"), 9),
                -1,
                stopped::incrementAndGet));
    Outcome outcome = Runs.settled(policy(RESPONSE).onHttpResponse(exchange, answer));
    assertThat(((Outcome.Refuse) outcome).refusal().code()).isEqualTo(ErrorCode.OVERLOADED);
    assertThat(((Outcome.Refuse) outcome).refusal().retryAfterSeconds()).isPositive();
    assertThat(stopped).as("times that the provider was told to stop").hasPositiveValue();
  }

  @Test
  void whatAnAnswerBecomesNeedsRoomToo() {
    Exchange exchange = Exchanges.get("/");
    exchange.bodyRoom(bytes -> bytes <= 4);
    String longer = RESPONSE.replace("***", "longer than it was");
    Response answer = Runs.streamed("text/plain", ChunkedStream.cutAt(Buffer.buffer("word"), 0));
    Outcome outcome = Runs.settled(policy(longer).onHttpResponse(exchange, answer));
    assertThat(((Outcome.Refuse) outcome).refusal().code()).isEqualTo(ErrorCode.OVERLOADED);
  }

  @Test
  void anAnswerThatIsTooLongIsRefusedAndItsProviderStopped() {
    AtomicInteger stopped = new AtomicInteger();
    Buffer half = Buffer.buffer(new byte[Codings.MAX_BYTES / 2]);
    ResponseBody endless =
        new ResponseBody.Streamed(
            new ChunkedStream(List.of(half, half, Buffer.buffer("x"))),
            -1,
            stopped::incrementAndGet);
    Response answer = new Response(200, MultiMap.caseInsensitiveMultiMap(), endless);
    Outcome outcome = Runs.settled(policy(RESPONSE).onHttpResponse(Exchanges.get("/"), answer));
    assertThat(((Outcome.Refuse) outcome).refusal().code()).isEqualTo(ErrorCode.POLICY_EVALUATION);
    assertThat(stopped).hasPositiveValue();
  }

  @Test
  void providersAreAskedForPlainBytesWhenRulesReadThem() {
    Exchange exchange = Exchanges.request("GET", "/", "", "accept-encoding", "br");
    policy(RESPONSE).onHttpRequest(exchange);
    assertThat(exchange.headers().get("accept-encoding")).isEqualTo("identity");
    assertThat(exchange.acceptEncoding()).isEqualTo("br");
  }

  @Test
  void eventsAreChangedWhereverTheChunksAreCut() {
    for (String lineEnd : new String[] {"\n", "\r\n", "\r"}) {
      Buffer stream =
          Buffer.buffer(
              ": note~event: a~data: {\"x\": \"a secrét secret\"}~id: 7~~data: plain~~data: one~data: secret~retry: 10~~data: [DONE]~~"
                  .replace("~", lineEnd));
      String expected =
          Buffer.buffer(
                  ": note\nevent: a\ndata: {\"x\": \"a secrét [e]\"}\nid: 7\n\ndata: plain\n\ndata: one\ndata: [e]\nretry: 20\n\ndata: [DONE]\n\n")
              .toString();
      for (int cut = 0; cut <= stream.length(); cut++) {
        Response response =
            Runs.response(
                EVENTS,
                Exchanges.get("/"),
                Runs.streamed("text/event-stream", ChunkedStream.cutAt(stream, cut)));
        assertThat(Runs.text(response).replace("\r\n", "\n").replace('\r', '\n'))
            .as("cut at %d", cut)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void anEventIsGivenOnAsSoonAsItIsComplete() {
    Response response =
        Runs.response(
            EVENTS,
            Exchanges.get("/"),
            Runs.answer(200, "text/event-stream", "data: secret\n\ndata: sec"));
    assertThat(Runs.text(response)).isEqualTo("data: [e]\n\ndata: sec");
  }

  @Test
  void answersThatAreNoEventStreamsAreLeftAlone() {
    Response original = Runs.answer(200, "application/json", "data: secret\n\n");
    assertThat(Runs.response(EVENTS, Exchanges.get("/"), original)).isSameAs(original);
  }

  static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
