package dev.keygate.ai;

import static dev.keygate.ai.FakeProvider.chunk;
import static dev.keygate.ai.FakeProvider.eventHead;
import static dev.keygate.ai.FakeProvider.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.ai.FakeProvider.Behaviour;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Authorization;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One misbehaviour of a provider at a time, with one key and nobody to fail over to. */
class UpstreamFaultTest {
  private static final Duration SHORT = Duration.ofMillis(60);
  private static final Duration LONG = Duration.ofSeconds(8);

  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void nothingListensThere() {
    GatewayFixture.Result result = chat(FakeProvider.nowhere(), LONG);
    assertThat(result.refusal().code()).isEqualTo(ErrorCode.NOTHING_REACHABLE);
    assertThat(result.refusal().message())
        .isEqualTo("No provider could be reached: openai:gpt-4o could not be reached");
    assertThat(result.refusal().logDetail()).contains("Connection refused");
  }

  @Test
  void theNameDoesNotResolve() {
    BaseUrl url = BaseUrl.parse("https://nowhere.invalid");
    assertThat(chat(url, Duration.ofMillis(500)).refusal().code())
        .isIn(ErrorCode.NOTHING_REACHABLE, ErrorCode.ALL_ATTEMPTS_FAILED);
  }

  @Test
  void theAddressIsOneThatNoProviderMayHave() {
    for (String url :
        new String[] {"http://169.254.169.254", "https://[fd00:ec2::254]", "http://8.8.8.8"}) {
      GatewayFixture.Result result = chat(BaseUrl.parse(url), LONG);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.NOTHING_REACHABLE);
      assertThat(result.refusal().logDetail()).contains("no address");
    }
  }

  @Test
  void itStallsBeforeTheHead() throws Exception {
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(""))) {
      GatewayFixture.Result result = chat(openai.url(), SHORT);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(result.refusal().message()).contains("openai:gpt-4o did not answer in time");
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void itStallsWithinTheHead() throws Exception {
    try (FakeProvider openai =
        new FakeProvider(new Behaviour.AnswerAndStall("HTTP/1.1 200 OK\r\n"))) {
      assertThat(chat(openai.url(), SHORT).refusal().code())
          .isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void itStallsBetweenHeadAndBody() throws Exception {
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(eventHead()))) {
      assertThat(chat(openai.url(), SHORT).refusal().code())
          .isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void itStallsWithinAStream() throws Exception {
    String bytes = eventHead() + chunk("data: 1\n\n");
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(bytes))) {
      GatewayFixture.Result result = chat(openai.url(), SHORT);
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo("data: 1\n\n");
      assertThat(result.broken()).hasMessageContaining("sent nothing for per_request_timeout");
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void itStallsWithinAShortAnswer() throws Exception {
    String bytes = json(200, "{\"a\":1}").replace("{\"a\":1}", "{\"a\"");
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(bytes))) {
      assertThat(chat(openai.url(), SHORT).refusal().code())
          .isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void itResetsBeforeTheHead() {
    assertBroken(new Behaviour.AnswerAndReset(""));
  }

  @Test
  void itClosesBeforeTheHead() {
    assertBroken(new Behaviour.AnswerAndClose(""));
  }

  @Test
  void itHalfClosesWithinAShortAnswer() {
    assertBroken(new Behaviour.AnswerAndHalfClose(json(200, "{}").replace("{}", "{")));
  }

  @Test
  void itAnswersWithWhatIsNotHttp() {
    assertBroken(new Behaviour.AnswerAndStall("SSH-2.0-OpenSSH_9.9\r\n\r\n"));
  }

  @Test
  void itAnswersWithHeadersThatAreTooLarge() {
    String head = "HTTP/1.1 200 OK\r\nx-large: " + "x".repeat(20_000) + "\r\n\r\n";
    assertBroken(new Behaviour.AnswerAndStall(head));
  }

  @Test
  void itSwitchesProtocols() {
    assertBroken(new Behaviour.AnswerAndStall("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
  }

  @Test
  void itSaysTwoLengths() {
    assertBroken(
        new Behaviour.AnswerAndStall(
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}x"));
  }

  @Test
  void itSendsAChunkSizeThatIsNone() {
    assertBroken(new Behaviour.AnswerAndStall(eventHead() + "zz\r\ndata\r\n"));
  }

  @Test
  void itCutsAStream() {
    String bytes = eventHead() + chunk("data: 1\n\n") + "20\r\ndata: ";
    for (Behaviour behaviour :
        new Behaviour[] {
          new Behaviour.AnswerAndClose(bytes),
          new Behaviour.AnswerAndReset(bytes),
          new Behaviour.AnswerAndHalfClose(bytes)
        }) {
      try (FakeProvider openai = new FakeProvider(behaviour)) {
        GatewayFixture.Result result = chat(openai.url(), LONG);
        if (result.outcome() instanceof Outcome.Respond) {
          assertThat("data: 1\n\ndata: ").startsWith(result.body());
          assertThat(result.broken()).isInstanceOf(BrokenStreamException.class);
        } else {
          // A reset may overtake what was sent before it.
          assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
        }
      }
    }
  }

  @Test
  void itSendsLessThanItSaidOfALongAnswer() {
    String body = "x".repeat(100_000);
    String bytes = json(200, body).substring(0, 90_000);
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndClose(bytes))) {
      GatewayFixture.Result result = chat(openai.url(), LONG);
      assertThat(streamed(result.outcome()).length()).isEqualTo(100_000);
      assertThat(body).startsWith(result.body());
      assertThat(result.broken()).isInstanceOf(BrokenStreamException.class);
    }
  }

  @Test
  void itSendsEveryByteByItself() {
    String bytes = eventHead() + chunk("data: 1\n\n") + chunk("data: 2\n\n") + "0\r\n\r\n";
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerSlowly(bytes))) {
      GatewayFixture.Result result = chat(openai.url(), LONG);
      assertThat(result.body()).isEqualTo("data: 1\n\ndata: 2\n\n");
      assertThat(result.broken()).isNull();
    }
  }

  @Test
  void itAnswersBeforeTheRequestIsThere() {
    Behaviour early = new Behaviour.AnswerEarlyAndClose(json(413, "{\"error\":\"too large\"}"));
    try (FakeProvider openai = new FakeProvider(early)) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      String body = "{\"model\":\"gpt-4o\",\"x\":\"" + "x".repeat(8_000_000) + "\"}";
      GatewayFixture.Result result =
          fixture.run(gateway, GatewayFixture.post(GatewayFixture.CHAT, body));
      // Closing with bytes unread resets the connection, which may overtake the answer.
      if (result.outcome() instanceof Outcome.Respond) {
        assertThat(result.status()).isEqualTo(413);
      } else {
        assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      }
    }
  }

  @Test
  void itSendsInformationalAnswersFirst() {
    String bytes =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
            + json(200, "{}");
    try (FakeProvider openai = new FakeProvider(new Behaviour.Answer(bytes))) {
      assertThat(chat(openai.url(), LONG).body()).isEqualTo("{}");
    }
  }

  @Test
  void itAnswersWithoutABody() {
    try (FakeProvider openai =
        new FakeProvider(new Behaviour.Answer("HTTP/1.1 204 No Content\r\n\r\n"))) {
      GatewayFixture.Result result = chat(openai.url(), LONG);
      assertThat(result.status()).isEqualTo(204);
      assertThat(result.body()).isEmpty();
    }
  }

  @Test
  void itEndsAnAnswerOfUnsaidLengthByClosing() {
    String bytes = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n{\"a\":1}";
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndClose(bytes))) {
      GatewayFixture.Result result = chat(openai.url(), LONG);
      assertThat(result.body()).isEqualTo("{\"a\":1}");
      assertThat(result.broken()).isNull();
    }
  }

  @Test
  void itClosesAnIdleConnectionJustAsTheNextRequestIsSent() {
    try (FakeProvider openai =
        new FakeProvider(
            new Behaviour.Answer(json(200, "1")),
            new Behaviour.AnswerAndClose(""),
            new Behaviour.Answer(json(200, "3")))) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      assertThat(fixture.chat(gateway).body()).isEqualTo("1");
      GatewayFixture.Result second = fixture.chat(gateway);
      assertThat(second.body()).isEqualTo("3");
      assertThat(second.header("x-keygate-attempts")).isEqualTo("1");
      assertThat(openai.connections()).isEqualTo(2);
    }
  }

  @Test
  void theTimeForAllAttemptsIsUp() throws Exception {
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(""))) {
      AiGateway gateway =
          fixture
              .provider("openai", openai.url(), "sk-1", "sk-2")
              .gateway(GatewayFixture.config(LONG, SHORT));
      GatewayFixture.Result result = fixture.chat(gateway);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.TOTAL_TIMEOUT);
      assertThat(result.story().attempts()).hasSize(1);
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void whatIsThrownAfterAnAttemptEndsTheRequestAndNoOtherOnesTimeout() {
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(""))) {
      AiGateway gateway =
          fixture
              .provider("openai", openai.url(), "sk-1", "sk-2")
              .gateway(GatewayFixture.config(SHORT, LONG));
      AtomicInteger uses = new AtomicInteger();
      fixture.keyUse(() -> {
        if (uses.incrementAndGet() == 2) {
          throw new IllegalStateException("a bug");
        }
        return Instant.EPOCH;
      });
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      assertThatThrownBy(() -> GatewayFixture.await(fixture.start(gateway, exchange)))
          .hasRootCauseMessage("a bug");
      fixture.keyUse(InstantSource.system());
      assertThat(chat(openai.url(), SHORT).refusal().code())
          .isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
    }
  }

  @Test
  void aClientThatGoesAwayBeforeTheAnswerStopsTheProvider() throws Exception {
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(""))) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1", "sk-2").gateway();
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      Future<Outcome> outcome = fixture.start(gateway, exchange);
      fixture.onEventLoop(exchange::abandon);
      assertThat(GatewayFixture.await(outcome)).isEqualTo(Outcome.CLOSE);
      assertThat(openai.received().size()).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void nothingIsSentForAClientThatIsGone() {
    try (FakeProvider openai = FakeProvider.answering(200, "{}")) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1", "sk-2").gateway();
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      exchange.abandon();
      assertThat(GatewayFixture.await(fixture.start(gateway, exchange))).isEqualTo(Outcome.CLOSE);
      fixture.chat(gateway);
      assertThat(openai.received()).as("the next one's").hasSize(1);
    }
  }

  @Test
  void aClientThatGoesAwayWithinAStreamStopsTheProvider() throws Exception {
    String bytes = eventHead() + chunk("data: 1\n\n");
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(bytes))) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      Outcome outcome = GatewayFixture.await(fixture.start(gateway, exchange));
      fixture.onEventLoop(streamed(outcome).cancel());
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void aClientThatGoesAwayBeforeAStreamIsPassedOnStopsTheProvider() throws Exception {
    String bytes = eventHead() + chunk("data: 1\n\n");
    try (FakeProvider openai = new FakeProvider(new Behaviour.AnswerAndStall(bytes))) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      GatewayFixture.await(fixture.start(gateway, exchange));
      fixture.onEventLoop(exchange::abandon);
      assertThat(openai.awaitGone()).isTrue();
    }
  }

  @Test
  void aClientThatGoesAwayWhileAnAnswerIsReadToBeTranslatedStopsTheProvider() throws Exception {
    String bytes =
        eventHead().replace("text/event-stream", "application/json") + chunk("{\"id\":\"msg_1\"");
    CountDownLatch stalled = new CountDownLatch(1);
    try (FakeProvider claude =
            new FakeProvider(new Behaviour.AnswerAndStall(bytes)).whenStalled(stalled::countDown);
        FakeProvider openai = FakeProvider.answering(200, "{}")) {
      AiGateway gateway =
          fixture
              .provider("openai", openai.url(), "sk-1")
              .gateway(GatewayFixture.config(Authorization.API_KEY, speakingMessages(claude)));
      Exchange exchange =
          GatewayFixture.post(
              GatewayFixture.CHAT, "{\"models\":[\"claude:m\",\"claude:n\"],\"messages\":[]}");
      Future<Outcome> outcome = fixture.start(gateway, exchange);
      assertThat(stalled.await(10, TimeUnit.SECONDS)).isTrue();
      // What was sent before a whole exchange with another provider has arrived after it.
      fixture.chat(gateway);
      fixture.onEventLoop(exchange::abandon);
      assertThat(GatewayFixture.await(outcome)).isEqualTo(Outcome.CLOSE);
      assertThat(claude.awaitGone()).isTrue();
      assertThat(claude.received()).hasSize(1);
    }
  }

  @Test
  void anAnswerThatThereIsNoRoomToTranslateIsNotTheProvidersFault() throws Exception {
    String bytes =
        eventHead().replace("text/event-stream", "application/json") + chunk("{\"id\":\"msg_1\"");
    try (FakeProvider claude = new FakeProvider(new Behaviour.AnswerAndStall(bytes))) {
      AiGateway gateway =
          fixture
              .provider("openai", claude.url(), "sk-1", "sk-2")
              .gateway(GatewayFixture.config(Authorization.API_KEY, speakingMessages(claude)));
      Exchange exchange =
          GatewayFixture.post(
              GatewayFixture.CHAT, "{\"models\":[\"claude:m\",\"claude:n\"],\"messages\":[]}");
      exchange.bodyRoom(bytesWanted -> false);
      GatewayFixture.Result result = fixture.run(gateway, exchange);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.OVERLOADED);
      assertThat(result.refusal().retryAfterSeconds()).isPositive();
      assertThat(claude.awaitGone()).isTrue();
      assertThat(claude.received()).as("others have no more room").hasSize(1);
    }
  }

  @Test
  void anAnswerThatIsNotTranslatedIsNotKeptWaiting() throws Exception {
    String bytes =
        eventHead().replace("text/event-stream", "text/event-stream\r\nContent-Encoding: br");
    try (FakeProvider claude =
        new FakeProvider(new Behaviour.AnswerAndStall(bytes + chunk("packed")))) {
      AiGateway gateway =
          fixture
              .provider("openai", claude.url(), "sk-1")
              .gateway(GatewayFixture.config(Authorization.API_KEY, speakingMessages(claude)));
      Exchange exchange =
          GatewayFixture.post(GatewayFixture.CHAT, "{\"models\":[\"claude:m\"],\"messages\":[]}");
      assertThat(GatewayFixture.await(fixture.start(gateway, exchange)))
          .isInstanceOf(Outcome.Refuse.class);
      assertThat(claude.awaitGone()).isTrue();
    }
  }

  private static ProviderConfig speakingMessages(FakeProvider provider) {
    return new ProviderConfig(
        "claude", provider.url(), Set.of(Format.ANTHROPIC), null, List.of(), List.of());
  }

  @Test
  void aKeyThatNoHeaderMayHoldEndsTheAttemptAndIsNotTold() {
    try (FakeProvider openai = FakeProvider.answering(200, "{}")) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-secret\n").gateway();
      GatewayFixture.Result result = fixture.chat(gateway);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(result.refusal().toString()).doesNotContain("sk-secret");
      assertThat(openai.received()).isEmpty();
    }
  }

  @Test
  void aReaderThatDoesNotAskIsNotTheProvidersFault() {
    String bytes = eventHead() + chunk("data: 1\n\n") + chunk("data: 2\n\n") + "0\r\n\r\n";
    try (FakeProvider openai = new FakeProvider(new Behaviour.Answer(bytes))) {
      AiGateway gateway =
          fixture
              .provider("openai", openai.url(), "sk-1")
              .gateway(GatewayFixture.config(SHORT, LONG));
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      Outcome outcome = GatewayFixture.await(fixture.start(gateway, exchange));
      Promise<Void> later = Promise.promise();
      fixture.vertx.setTimer(SHORT.toMillis() * 3, timer -> later.complete());
      GatewayFixture.await(later.future());
      Promise<GatewayFixture.Result> read = Promise.promise();
      fixture.onEventLoop(() -> GatewayFixture.read(outcome, exchange).onComplete(read));
      assertThat(GatewayFixture.await(read.future()).body()).isEqualTo("data: 1\n\ndata: 2\n\n");
    }
  }

  @Test
  void aSlowReaderHoldsTheProviderBack() {
    String body = "x".repeat(5_000_000);
    try (FakeProvider openai = FakeProvider.answering(200, body)) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      Exchange exchange = GatewayFixture.post(GatewayFixture.CHAT, GatewayFixture.HELLO);
      Outcome outcome = GatewayFixture.await(fixture.start(gateway, exchange));
      Promise<Long> read = Promise.promise();
      fixture.onEventLoop(() -> readOneByOne(streamed(outcome), read));
      assertThat(GatewayFixture.await(read.future())).isEqualTo(5_000_000L);
    }
  }

  private void readOneByOne(ResponseBody.Streamed streamed, Promise<Long> read) {
    long[] total = {0};
    streamed
        .source()
        .handler((Buffer chunk) -> {
          total[0] += chunk.length();
          streamed.source().pause();
          fixture.onEventLoop(() -> streamed.source().fetch(1));
        })
        .endHandler(end -> read.complete(total[0]))
        .exceptionHandler(read::fail)
        .fetch(1);
  }

  private GatewayFixture.Result chat(BaseUrl url, Duration perRequest) {
    AiGateway gateway =
        fixture.provider("openai", url, "sk-1").gateway(GatewayFixture.config(perRequest, LONG));
    return fixture.chat(gateway);
  }

  private void assertBroken(Behaviour behaviour) {
    try (FakeProvider openai = new FakeProvider(behaviour)) {
      GatewayFixture.Result result = chat(openai.url(), LONG);
      assertThat(result.refusal().code()).isEqualTo(ErrorCode.ALL_ATTEMPTS_FAILED);
      assertThat(result.refusal().message()).endsWith("openai:gpt-4o broke off");
    }
  }

  private static ResponseBody.Streamed streamed(Outcome outcome) {
    return (ResponseBody.Streamed) ((Outcome.Respond) outcome).response().body();
  }
}
