package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Authorization;
import io.vertx.core.Promise;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers that arrive in pieces: handed on at once, no faster than the client reads. */
class StreamedAnswerTest {
  private static final String CHAT =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n" + "Content-Length: 2\r\n\r\n{}";
  private static final String MESSAGES =
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\n" + "Content-Length: 2\r\n\r\n{}";
  private static final String EVENTS = "text/event-stream; charset=utf-8";

  private final ScriptedStream stream = new ScriptedStream();

  @Test
  void eachChunkIsHandedOnWhenItArrives() throws IOException {
    try (RunningGateway gateway = RunningGateway.with(stream.answering(EVENTS, -1));
        RawClient client = gateway.connect()) {
      RawClient.Answer head = client.send(CHAT).head();
      assertThat(head.header("transfer-encoding")).isEqualTo("chunked");
      assertThat(head.header("x-request-id")).startsWith("req_");
      for (String chunk : new String[] {"data: 1\n\n", "data", ": 2\n\n"}) {
        stream.emit(chunk);
        assertThat(client.chunk()).isEqualTo(chunk);
      }
      stream.end();
      assertThat(client.chunk()).isEmpty();
      assertThat(stream.isCancelled()).isFalse();
    }
  }

  @Test
  void anAnswerOfKnownLengthKeepsItAndTheConnectionGoesOn() {
    try (RunningGateway gateway = RunningGateway.with(stream.answering("application/json", 4));
        RawClient client = gateway.connect()) {
      client.send(CHAT);
      stream.emit("{}").emit("  ").end();
      RawClient.Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("{}  ");
      assertThat(answer.header("content-length")).isEqualTo("4");
      client.send("GET /v1/%00 HTTP/1.1\r\nHost: x\r\n\r\n");
      assertThat(client.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void aBrokenStreamOfOpenAiEventsEndsWithAnErrorEvent() throws IOException {
    assertThat(brokenAfterOneEvent(CHAT))
        .matches(
            "data: 1\n\ndata: \\{\"error\":\\{\"message\":\"The provider broke off in the middle"
                + " of its answer. \\[ERR_KEYGATE_BROKEN_STREAM]\",\"type\":\"server_error\","
                + "\"param\":null,\"code\":\"ERR_KEYGATE_BROKEN_STREAM\"}}\n\n");
  }

  @Test
  void aBrokenStreamOfAnthropicEventsEndsWithAnErrorEvent() throws IOException {
    assertThat(brokenAfterOneEvent(MESSAGES))
        .matches(
            "data: 1\n\nevent: error\ndata: \\{\"type\":\"error\",\"error\":\\{\"type\":"
                + "\"api_error\",\"message\":\"The provider broke off in the middle of its answer."
                + " \\[ERR_KEYGATE_BROKEN_STREAM]\"},\"request_id\":\"req_[0-9A-Za-z]{27}\"}\n\n");
  }

  private String brokenAfterOneEvent(String request) throws IOException {
    try (RunningGateway gateway = RunningGateway.with(stream.answering(EVENTS, -1));
        RawClient client = gateway.connect()) {
      client.send(request).head();
      stream.emit("data: 1\n\n").fail();
      String body = client.chunk() + client.chunk();
      // Without the last chunk it does not look complete.
      assertThat(client.rest()).isEmpty();
      stream.awaitCancelled();
      return body;
    }
  }

  @Test
  void aBrokenAnswerOfAnotherKindDoesNotLookComplete() throws IOException {
    try (RunningGateway gateway = RunningGateway.with(stream.answering("audio/mpeg", -1));
        RawClient client = gateway.connect()) {
      client.send(CHAT).head();
      stream.emit("sound").fail();
      assertThat(client.chunk()).isEqualTo("sound");
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void anAnswerShorterThanPromisedDoesNotLookComplete() {
    try (RunningGateway gateway = RunningGateway.with(stream.answering("audio/mpeg", 10));
        RawClient client = gateway.connect()) {
      client.send(CHAT);
      stream.emit("sound").end();
      assertThat(client.rest()).endsWith("\r\n\r\nsound");
    }
  }

  @Test
  void anAnswerLongerThanPromisedSpillsNothingIntoTheNext() {
    try (RunningGateway gateway = RunningGateway.with(stream.answering("audio/mpeg", 5));
        RawClient client = gateway.connect()) {
      client.send(CHAT);
      stream.emit("sound").emit("HTTP/1.1 200 OK\r\n");
      assertThat(client.rest()).endsWith("\r\n\r\nsound");
      stream.awaitCancelled();
    }
  }

  @Test
  void aClientOfHttp10ReadsUntilTheConnectionEnds() {
    try (RunningGateway gateway = RunningGateway.with(stream.answering(EVENTS, -1));
        RawClient client = gateway.connect()) {
      client.send("GET /v1/models HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
      stream.emit("data: 1\n\n").end();
      RawClient.Answer answer = client.answer();
      assertThat(answer.header("transfer-encoding")).isNull();
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.body()).isEqualTo("data: 1\n\n");
    }
  }

  @Test
  void aClientThatGoesAwayStopsTheProvider() throws IOException {
    try (RunningGateway gateway = RunningGateway.with(stream.answering(EVENTS, -1))) {
      try (RawClient client = gateway.connect()) {
        client.send(CHAT).head();
        stream.emit("data: 1\n\n");
      }
      stream.awaitCancelled();
    }
  }

  @Test
  void aClientThatGoesAwayBeforeItsAnswerStopsWhatIsWaitedFor() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    CompletableFuture<Void> waiting = new CompletableFuture<>();
    ScriptedPolicy policy =
        new ScriptedPolicy(
            Authorization.NONE,
            exchange -> {
              exchange.onAbandon(() -> stopped.complete(null));
              waiting.complete(null);
              return new Outcome.Pending(Promise.<Outcome>promise().future());
            });
    try (RunningGateway gateway = RunningGateway.with(policy)) {
      try (RawClient client = gateway.connect()) {
        client.send(CHAT);
        waiting.orTimeout(10, TimeUnit.SECONDS).join();
      }
      stopped.orTimeout(10, TimeUnit.SECONDS).join();
    }
  }

  @Test
  void aClientThatAsksForTheHeadAloneStopsTheProvider() {
    try (RunningGateway gateway = RunningGateway.with(stream.answering("text/plain", 5))) {
      try (RawClient client = gateway.connect()) {
        client.send("HEAD /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assertThat(client.rest()).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
      }
      stream.awaitCancelled();
    }
  }

  @Test
  void aSlowReaderSlowsTheProviderInsteadOfFillingMemory() {
    String chunk = "x".repeat(64 * 1024);
    try (RunningGateway gateway = RunningGateway.with(stream.answering("audio/mpeg", -1));
        RawClient client = gateway.connect()) {
      client.send(CHAT);
      int sent = 0;
      for (; !stream.isPaused() || sent == 0; sent++) {
        assertThat(sent).as("chunks taken without a reader").isLessThan(500);
        stream.emit(chunk);
      }
      CompletableFuture<RawClient.Answer> read = CompletableFuture.supplyAsync(client::answer);
      RunningGateway.awaitTrue(() -> !stream.isPaused());
      stream.end();
      assertThat(read.orTimeout(10, TimeUnit.SECONDS).join().body()).hasSize(sent * chunk.length());
    }
  }

  @Test
  void aClientThatStopsReadingIsCut() {
    GatewaySettings standard = RunningGateway.SETTINGS;
    GatewaySettings impatient =
        new GatewaySettings(
            standard.host(),
            0,
            1,
            standard.maxBody(),
            standard.maxBuffered(),
            standard.maxHeaderBytes(),
            standard.maxHeaderLines(),
            standard.requestTimeout(),
            Duration.ofMillis(200),
            GatewaySettings.Proxies.NONE,
            Optional.empty());
    String chunk = "x".repeat(64 * 1024);
    try (RunningGateway gateway =
            RunningGateway.with(impatient, stream.answering("audio/mpeg", -1));
        RawClient client = gateway.connect()) {
      client.send(CHAT);
      while (!stream.isCancelled()) {
        stream.emit(chunk);
        if (stream.isPaused()) {
          stream.awaitCancelled();
        }
      }
      assertThatThrownBy(client::answer).hasCauseInstanceOf(IOException.class);
    }
  }
}
