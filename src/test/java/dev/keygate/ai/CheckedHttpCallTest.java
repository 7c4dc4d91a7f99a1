package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.ai.FakeProvider.Behaviour;
import dev.keygate.policy.action.HttpCall;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that policies make, over real sockets. */
class CheckedHttpCallTest {
  private static final int MAX_BYTES = 100_000;

  private final Vertx vertx = Vertx.vertx();
  private final Upstream upstream = new Upstream(vertx, UpstreamSettings.DEFAULT);
  private final CheckedHttpCall call = new CheckedHttpCall(upstream);

  @AfterEach
  void close() throws Exception {
    upstream.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void theOtherSideGetsWhatThePolicySaysAndItsAnswerComesBack() throws Exception {
    try (FakeProvider service = FakeProvider.answering(418, "short and stout")) {
      HttpCall.Answer answer = ask(service, "/pot?size=1", "POST", "tea", 0);
      assertThat(answer.status()).isEqualTo(418);
      assertThat(answer.headers().get("content-type")).isEqualTo("application/json");
      assertThat(answer.body().toString()).isEqualTo("short and stout");
      assertThat(answer.address()).isEqualTo("127.0.0.1");
      FakeProvider.Received received = service.received().getFirst();
      assertThat(received.head())
          .startsWith("post /pot?size=1 http/1.1")
          .contains("x-key: s3cret", "content-length: 3", "user-agent: keygate");
      assertThat(received.body()).isEqualTo("tea");
    }
  }

  @Test
  void anAnswerThatIsTooLongIsGivenUp() throws Exception {
    String body = "x".repeat(MAX_BYTES + 1);
    try (FakeProvider told = FakeProvider.answering(200, body);
        FakeProvider untold =
            new FakeProvider(
                new Behaviour.AnswerAndStall(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + FakeProvider.chunk(body)));
        FakeProvider error = FakeProvider.answering(500, body)) {
      for (FakeProvider service : new FakeProvider[] {told, untold, error}) {
        assertFails(service, 0, "an answer of more than 100000 bytes");
      }
      assertThat(untold.awaitGone()).isTrue();
    }
  }

  @Test
  void anAnswerThatDoesNotEndInTimeIsGivenUp() throws Exception {
    try (FakeProvider silent = new FakeProvider(new Behaviour.AnswerAndStall(""));
        FakeProvider stalling =
            new FakeProvider(
                new Behaviour.AnswerAndStall(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + FakeProvider.chunk("begun")))) {
      assertFails(silent, 0, "did not answer in time");
      assertFails(stalling, 0, "did not end in time");
      assertThat(stalling.awaitGone()).isTrue();
    }
  }

  @Test
  void aBrokenAnswerFails() throws Exception {
    try (FakeProvider service =
        new FakeProvider(
            new Behaviour.AnswerAndClose(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + FakeProvider.chunk("begun")))) {
      assertFails(service, 0, "broke off");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/latest/meta-data",
        "https://[fd00:ec2::254]/",
        "http://8.8.8.8/",
        "http://[::ffff:169.254.169.254]/",
        "https://0.0.0.0/",
        "https://100.100.100.200/"
      })
  void addressesThatMayNotBeConnectedToAreNot(String url) {
    assertThatThrownBy(() -> ask(url, "GET", "", 0)).hasMessageContaining("no address");
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://127.0.0.1/", "http://u:p@127.0.0.1/", "http:///x", "nonsense"})
  void whatIsNoUrlFails(String url) {
    assertThatThrownBy(() -> ask(url, "GET", "", 0)).hasMessageContaining("cannot be asked");
  }

  @Test
  void withoutRedirectsARedirectIsAnAnswer() throws Exception {
    try (FakeProvider service = new FakeProvider(redirect(302, "/elsewhere"))) {
      assertThat(ask(service, "/", "GET", "", 0).status()).isEqualTo(302);
      assertThat(service.received()).hasSize(1);
    }
  }

  @Test
  void aRedirectOnTheSameHostIsFollowed() throws Exception {
    try (FakeProvider service =
        new FakeProvider(
            redirect(307, "/two?a=b"),
            redirect(302, "three"),
            new Behaviour.Answer(FakeProvider.json(200, "there")))) {
      assertThat(ask(service, "/one", "POST", "body", 2).body().toString()).isEqualTo("there");
      assertThat(service.received())
          .extracting(received -> received.head().lines().findFirst().orElse(""))
          .containsExactly("post /one http/1.1", "post /two?a=b http/1.1", "get /three http/1.1");
      assertThat(service.received())
          .extracting(FakeProvider.Received::body)
          .containsExactly("body", "body", "");
    }
  }

  @Test
  void moreRedirectsThanAllowedFail() throws Exception {
    try (FakeProvider service = new FakeProvider(redirect(302, "/again"))) {
      assertFails(service, 2, "more than 2 redirects");
      assertThat(service.received()).hasSize(3);
    }
  }

  @Test
  void aRedirectToAnotherHostIsNotFollowed() throws Exception {
    try (FakeProvider other = FakeProvider.answering(200, "{}")) {
      for (String location :
          new String[] {
            other.url().toString(), "http://localhost/", "//169.254.169.254/", "ftp:x", "ht tp:"
          }) {
        try (FakeProvider service = new FakeProvider(redirect(302, location))) {
          assertFails(service, 5, "a redirect to another host");
        }
      }
      assertThat(other.received()).isEmpty();
    }
  }

  private static Behaviour redirect(int status, String location) {
    return new Behaviour.Answer(
        "HTTP/1.1 " + status + " X\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
  }

  private void assertFails(FakeProvider service, int redirects, String message) {
    assertThatThrownBy(() -> ask(service, "/", "GET", "", redirects))
        .hasMessageContaining(message)
        .hasMessageNotContaining("s3cret");
  }

  private HttpCall.Answer ask(
      FakeProvider service, String target, String method, String body, int redirects)
      throws Exception {
    return ask(service.url() + target, method, body, redirects);
  }

  private HttpCall.Answer ask(String url, String method, String body, int redirects)
      throws Exception {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap().add("x-key", "s3cret");
    HttpCall.Request request =
        new HttpCall.Request(
            method, url, headers, Buffer.buffer(body), Duration.ofMillis(400), redirects);
    assertThat(request.toString()).doesNotContain("s3cret");
    Promise<HttpCall.Answer> answer = Promise.promise();
    vertx.getOrCreateContext().runOnContext(go -> send(request).onComplete(answer));
    return answer.future().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Future<HttpCall.Answer> send(HttpCall.Request request) {
    return call.send(request, MAX_BYTES);
  }
}
