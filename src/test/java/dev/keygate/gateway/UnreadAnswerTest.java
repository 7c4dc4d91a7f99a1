package dev.keygate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Authorization;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.StreamResetException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that ask and do not read: none keeps its connection, key or no key. */
class UnreadAnswerTest {
  private static final String REQUEST = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final long CANCEL = 8;

  /** More than the sockets of both sides hold. */
  private static final String LARGE = "0123456789abcdef".repeat(1 << 20);

  private final ScriptedStream stream = new ScriptedStream();

  private static GatewaySettings patientFor(Duration time) {
    GatewaySettings standard = RunningGateway.SETTINGS;
    return new GatewaySettings(
        standard.host(),
        0,
        1,
        standard.maxBody(),
        standard.maxBuffered(),
        standard.maxHeaderBytes(),
        standard.maxHeaderLines(),
        standard.requestTimeout(),
        time,
        GatewaySettings.Proxies.NONE,
        Optional.empty());
  }

  private static RunningGateway impatient(ScriptedPolicy policy) {
    return RunningGateway.with(patientFor(Duration.ofMillis(200)), policy);
  }

  private static void awaitNothingInFlight(RunningGateway gateway) {
    RunningGateway.awaitTrue(
        () -> gateway.metrics.scrape().contains("\nkeygate_requests_in_flight 0.0\n"));
  }

  /** A client that lets only so many bytes of each answer come. */
  private static HttpClient http2(RunningGateway gateway, int window) {
    return gateway.vertx.createHttpClient(
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_2)
            .setHttp2ClearTextUpgrade(false)
            .setInitialSettings(new Http2Settings().setInitialWindowSize(window)));
  }

  private static Future<HttpClientRequest> request(HttpClient client, RunningGateway gateway) {
    return client.request(HttpMethod.GET, gateway.port, "127.0.0.1", "/v1/models");
  }

  /** Sends a request and leaves its answer unread; with which code its stream is reset. */
  private static Future<Long> reset(HttpClientRequest request) {
    Promise<Long> reset = Promise.promise();
    return request
        .send()
        .compose(answer -> {
          answer
              .pause()
              .exceptionHandler(failure -> {
                if (failure instanceof StreamResetException known) {
                  reset.tryComplete(known.getCode());
                } else {
                  reset.tryFail(failure);
                }
              });
          return reset.future();
        });
  }

  /** Of what does not fit the window none is sent at all, or a part. */
  @ParameterizedTest
  @ValueSource(ints = {0, 10})
  void streamsWhoseRefusalsAreNotReadAreResetAndTheirConnectionIsClosed(int window) {
    try (RunningGateway gateway = impatient(ScriptedPolicy.echo(Authorization.API_KEY))) {
      HttpClient client = http2(gateway, window);
      Promise<Void> closed = Promise.promise();
      List<Future<Long>> resets = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        resets.add(
            request(client, gateway)
                .compose(request -> {
                  request.connection().closeHandler(gone -> closed.tryComplete());
                  return reset(request);
                }));
      }
      for (Future<Long> reset : resets) {
        assertThat(RunningGateway.await(reset)).isEqualTo(CANCEL);
      }
      awaitNothingInFlight(gateway);
      RunningGateway.await(closed.future());
    }
  }

  @Test
  void aConnectionWhoseRefusalsAreNotReadIsCut() throws IOException {
    try (RunningGateway gateway = impatient(ScriptedPolicy.echo(Authorization.API_KEY));
        RawClient client = RawClient.over(narrow(gateway))) {
      String requests = REQUEST.repeat(1000);
      CompletableFuture<Void> cut =
          CompletableFuture.runAsync(() -> {
            try {
              while (true) {
                client.send(requests);
              }
            } catch (UncheckedIOException reset) {
              // as is expected
            }
          });
      cut.orTimeout(10, TimeUnit.SECONDS).join();
      awaitNothingInFlight(gateway);
    }
  }

  @Test
  void aConnectionWhoseLargeAnswerIsNotReadIsCut() throws IOException {
    CompletableFuture<Void> finished = new CompletableFuture<>();
    ScriptedPolicy policy =
        new ScriptedPolicy(
            Authorization.NONE,
            exchange -> {
              exchange.onFinished(() -> finished.complete(null));
              return ScriptedPolicy.respond(LARGE);
            });
    try (RunningGateway gateway = impatient(policy);
        RawClient client = RawClient.over(narrow(gateway))) {
      client.send(REQUEST);
      finished.orTimeout(10, TimeUnit.SECONDS).join();
      assertThat(client.rest().length()).isLessThan(LARGE.length());
    }
  }

  @Test
  void aStreamedAnswerThatIsNotReadStopsTheProvider() {
    try (RunningGateway gateway = impatient(stream.answering("text/event-stream", -1))) {
      Future<Long> reset = request(http2(gateway, 0), gateway).compose(UnreadAnswerTest::reset);
      stream.emit("data: 1\n\n").awaitCancelled();
      assertThat(RunningGateway.await(reset)).isEqualTo(CANCEL);
      awaitNothingInFlight(gateway);
    }
  }

  @Test
  void aStreamedAnswerIsNotHeldByAnUnreadEnd() {
    try (RunningGateway gateway = impatient(stream.answering("text/event-stream", -1))) {
      Future<Long> reset = request(http2(gateway, 0), gateway).compose(UnreadAnswerTest::reset);
      stream.emit("data: 1\n\n").end();
      assertThat(RunningGateway.await(reset)).isEqualTo(CANCEL);
      awaitNothingInFlight(gateway);
      assertThat(stream.isCancelled()).isFalse();
    }
  }

  @Test
  void aBrokenStreamIsNotHeldByAnUnreadErrorEvent() {
    try (RunningGateway gateway = impatient(stream.answering("text/event-stream", -1))) {
      Future<Long> reset = request(http2(gateway, 10), gateway).compose(UnreadAnswerTest::reset);
      stream.emit("data: 1\n\n").fail();
      assertThat(RunningGateway.await(reset)).isEqualTo(CANCEL);
      awaitNothingInFlight(gateway);
    }
  }

  @Test
  void aSlowReaderGetsALargeAnswerWhole() throws IOException {
    Duration patience = Duration.ofSeconds(1);
    ScriptedPolicy policy =
        new ScriptedPolicy(Authorization.NONE, exchange -> ScriptedPolicy.respond(LARGE));
    try (RunningGateway gateway = RunningGateway.with(patientFor(patience), policy);
        Socket client = narrow(gateway)) {
      client
          .getOutputStream()
          .write(REQUEST.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").getBytes(ISO_8859_1));
      ByteArrayOutputStream read = new ByteArrayOutputStream();
      long start = System.nanoTime();
      for (int part = 1; part <= 8; part++) {
        read.writeBytes(client.getInputStream().readNBytes(LARGE.length() / 8));
        long next = start + part * patience.toNanos() / 4;
        RunningGateway.awaitTrue(() -> System.nanoTime() - next >= 0);
      }
      client.getInputStream().transferTo(read);
      String answer = read.toString(ISO_8859_1);
      String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
      assertThat(body.equals(LARGE)).as("%s bytes, as they were sent", body.length()).isTrue();
    }
  }

  /** A connection whose client takes little without reading. */
  private static Socket narrow(RunningGateway gateway) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(64 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), gateway.port));
    return socket;
  }
}
