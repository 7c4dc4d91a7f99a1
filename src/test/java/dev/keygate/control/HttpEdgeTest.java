package dev.keygate.control;

import static dev.keygate.control.RunningControl.await;
import static dev.keygate.control.RunningControl.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.control.RunningControl.Answered;
import dev.keygate.store.StoreSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the control API makes of requests that are not as they should be. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HttpEdgeTest {
  private static final ControlLimits LIMITS =
      new ControlLimits(6000, 2, 1000, Duration.ofSeconds(2), Duration.ofMillis(300));

  @TempDir private static Path directory;
  private RunningControl control;

  @BeforeAll
  void start() {
    control = open("keygate.db");
  }

  private static RunningControl open(String file) {
    return new RunningControl(new StoreSettings.Sqlite(directory.resolve(file)), LIMITS);
  }

  @AfterAll
  void stop() {
    control.close();
  }

  @Test
  void aStrangerLearnsNothing() {
    for (String path : new String[] {"/endpoints", "/nothing", "/", "/endpoints/ep_1"}) {
      Answered answered = control.send(request(path).build());
      ControlContract.assertRefused(answered, 401, "ERR_NGROK_200");
      assertThat(answered.raw().headers().firstValue("www-authenticate")).contains("Bearer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Basic YTpi, ERR_NGROK_201",
    "Bearer, ERR_NGROK_201",
    "Bearer kgm_short, ERR_NGROK_202",
    "Bearer ng-0123456789abcdef-g1-x, ERR_NGROK_206",
  })
  void aWrongCredentialIsExplained(String header, String code) {
    Answered answered = control.send(request("/endpoints").header("Authorization", header).build());
    ControlContract.assertRefused(answered, 401, code);
  }

  @Test
  void anUnknownKeyAndADeletedOneAnswerAlike() {
    String token = control.post("/api_keys", "{}").text("token");
    String unknown = token.substring(0, 4) + "x".repeat(token.length() - 4);
    ControlContract.assertRefused(
        control.callAs(unknown, "GET", "/endpoints", ""), 401, "ERR_NGROK_202");
  }

  @Test
  void twoAuthorizationHeadersAreOneTooMany() throws IOException {
    String line = "Authorization: Bearer " + control.admin + "\r\n";
    String answer =
        control.raw(
            "GET /endpoints HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + line + line + "\r\n");
    assertThat(answer).startsWith("HTTP/1.1 401 ").contains("ERR_NGROK_201");
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /endpoints, 'GET, POST'",
    "DELETE, /endpoints, 'GET, POST'",
    "POST, /endpoints/ep_1, 'GET, PATCH, DELETE'",
    "OPTIONS, /api_keys, 'GET, POST'",
  })
  void aMethodThatIsNotPossibleIsToldWhichAre(String method, String path, String allowed) {
    Answered answered = control.call(method, path, "");
    ControlContract.assertRefused(answered, 405, "ERR_KEYGATE_METHOD_NOT_ALLOWED");
    assertThat(answered.raw().headers().firstValue("allow")).contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/endpoint", "/endpoints/", "/endpoints/a/b", "//endpoints", "/%65"})
  void aPathThatIsNotThereIsToldWhichAre(String path) {
    Answered answered = control.get(path);
    ControlContract.assertRefused(answered, 404, "ERR_KEYGATE_NOT_FOUND");
    assertThat(answered.message()).contains("endpoints");
  }

  @Test
  void aBodyThatIsNotJsonIsRefused() {
    ControlContract.assertRefused(control.post("/endpoints", "{"), 400, "ERR_NGROK_213");
    ControlContract.assertRefused(control.post("/endpoints", "[]"), 400, "ERR_NGROK_213");
    ControlContract.assertRefused(control.post("/endpoints", "{} {}"), 400, "ERR_NGROK_213");
    ControlContract.assertRefused(
        control.post("/endpoints", "{\"url\":\"a\",\"url\":\"b\"}"), 400, "ERR_NGROK_213");
    String deep = "{\"bindings\":" + "[".repeat(1000) + "]".repeat(1000) + "}";
    ControlContract.assertRefused(control.post("/endpoints", deep), 400, "ERR_NGROK_213");
    Answered form =
        control.send(
            request("/endpoints")
                .header("Authorization", "Bearer " + control.admin)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build());
    ControlContract.assertRefused(form, 415, "ERR_NGROK_210");
    assertThat(form.message()).contains("application/json");
  }

  @Test
  void aMisspeltFieldIsToldWhatWasMeant() {
    Answered answered = control.post("/endpoints", body("url", "https://a.b", "descripton", "x"));
    ControlContract.assertRefused(answered, 400, "ERR_NGROK_214");
    assertThat(answered.message()).contains("'descripton'").contains("'description'");
    ControlContract.assertRefused(control.post("/endpoints", "{\"url\":5}"), 400, "ERR_NGROK_215");
    ControlContract.assertRefused(
        control.post("/endpoints", "{\"url\":null}"), 400, "ERR_NGROK_215");
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsNotRead() throws IOException {
    String answer = control.raw(head(control.admin, "Content-Length: 1048577"));
    assertThat(answer).startsWith("HTTP/1.1 413 ").contains("ERR_NGROK_212", "connection: close");
  }

  @Test
  void aBodyThatGrowsTooLargeIsNotReadOn() {
    Answered answered = control.post("/endpoints", " ".repeat(ReceivedCall.MAX_BODY + 1));
    ControlContract.assertRefused(answered, 413, "ERR_NGROK_212");
    Answered largest = control.post("/endpoints", " ".repeat(ReceivedCall.MAX_BODY - 2) + "{}");
    ControlContract.assertRefused(largest, 400, "ERR_NGROK_215");
  }

  @Test
  void aStrangersBodyIsNotReadAtAll() throws IOException {
    String answer = control.raw(head("kgm_wrong", "Content-Length: 1000000"));
    assertThat(answer).startsWith("HTTP/1.1 401 ").contains("connection: close");
  }

  @Test
  void aBodyThatDoesNotComeIsNotWaitedForLong() throws IOException {
    String answer = control.raw(head(control.admin, "Content-Length: 10") + "{");
    assertThat(answer).startsWith("HTTP/1.1 408 ").contains("ERR_KEYGATE_BODY_TIMEOUT");
  }

  private static String head(String token, String header) {
    return "POST /endpoints HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        + "Authorization: Bearer "
        + token
        + "\r\n"
        + header
        + "\r\n\r\n";
  }

  @Test
  void whatIsNotHttpIsRefusedInTheSameShape() throws IOException {
    assertThat(control.raw("GARBAGE\r\n\r\n"))
        .startsWith("HTTP/1.")
        .contains(" 400 ")
        .contains("\"error_code\":\"ERR_KEYGATE_MALFORMED_REQUEST\"");
    assertThat(control.raw("GET /" + "a".repeat(10_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"))
        .startsWith("HTTP/1.")
        .contains(" 414 ")
        .contains("\"error_code\":\"ERR_KEYGATE_URI_TOO_LONG\"");
    assertThat(control.raw("GET / HTTP/1.1\r\nHost: a\r\nX: " + "a".repeat(20_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.")
        .contains(" 431 ")
        .contains("\"error_code\":\"ERR_KEYGATE_HEADERS_TOO_LARGE\"");
    assertThat(control.raw("OPTIONS * HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 401 ");
  }

  @Test
  void linksLeadToTheHostThatWasCalled() throws IOException {
    String call =
        "GET /endpoints HTTP/1.1\r\nHost: %s\r\nConnection: close\r\nAuthorization: Bearer "
            + control.admin
            + "\r\n\r\n";
    assertThat(control.raw(call.formatted("control.example.com:9000")))
        .contains("\"uri\":\"http://control.example.com:9000/endpoints\"");
    assertThat(control.raw(call.formatted("a\"b<c>"))).doesNotContain("a\"b<c>", "a\\\"b");
  }

  @Test
  void noAnswerIsForAnotherSitesPage() {
    Answered answered = control.call("GET", "/endpoints", "", "Origin", "https://evil.example");
    assertThat(answered.raw().headers().map().keySet())
        .noneMatch(name -> name.startsWith("access-control"))
        .contains("x-content-type-options", "cache-control");
    assertThat(answered.raw().headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void openPagesNeedNoKey() {
    assertThat(control.send(request("/livez").build()).raw().body()).isEqualTo("ok\n");
    assertThat(control.send(request("/readyz").build()).status()).isEqualTo(200);
    assertThat(control.send(request("/metrics").build()).raw().body()).contains("keygate_keys");
    assertThat(control.send(request("/openapi.yaml").build()).raw().body())
        .startsWith("openapi: 3.1");
  }

  @Test
  void theVersionHeaderOfPublishedClientsIsKnown() {
    assertThat(control.call("GET", "/endpoints", "", "Ngrok-Version", "2").status()).isEqualTo(200);
    ControlContract.assertRefused(
        control.call("GET", "/endpoints", "", "Ngrok-Version", "1"), 400, "ERR_NGROK_217");
  }

  @Test
  void moreCallsAtATimeThanThereArePlacesAreRefused() {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch go = new CountDownLatch(1);
    control.publish =
        () -> {
          inside.countDown();
          await(() -> go.await(20, TimeUnit.SECONDS));
        };
    try {
      CompletableFuture<Answered> first = later("https://one.example.com");
      CompletableFuture<Answered> second = later("https://two.example.com");
      // The second waits for its own turn to publish, inside its place.
      assertThat(await(() -> inside.await(20, TimeUnit.SECONDS))).isTrue();
      Answered third = control.get("/endpoints");
      ControlContract.assertRefused(third, 503, "ERR_KEYGATE_BUSY");
      assertThat(third.raw().headers().firstValue("retry-after")).contains("1");
      assertThat(control.send(request("/livez").build()).status()).isEqualTo(200);
      go.countDown();
      assertThat(await(() -> first.get(20, TimeUnit.SECONDS)).status()).isEqualTo(201);
      assertThat(await(() -> second.get(20, TimeUnit.SECONDS)).status()).isEqualTo(201);
    } finally {
      go.countDown();
      control.publish = () -> {};
    }
  }

  private CompletableFuture<Answered> later(String url) {
    return CompletableFuture.supplyAsync(() -> control.post("/endpoints", body("url", url)));
  }

  @Test
  void closingDoesNotWaitForeverForACall() {
    CountDownLatch inside = new CountDownLatch(1);
    RunningControl closing = open("closing.db");
    closing.publish =
        () -> {
          inside.countDown();
          await(() -> new CountDownLatch(1).await(60, TimeUnit.SECONDS));
        };
    CompletableFuture<Answered> stuck =
        CompletableFuture.supplyAsync(
            () -> closing.post("/endpoints", body("url", "https://stuck.example.com")));
    assertThat(await(() -> inside.await(20, TimeUnit.SECONDS))).isTrue();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(closing.server::close);
    await(() -> closed.get(10, TimeUnit.SECONDS));
    assertThat(
            stuck
                .handle((answer, failure) -> true)
                .completeOnTimeout(false, 10, TimeUnit.SECONDS)
                .join())
        .isTrue();
    closing.close();
  }

  @Test
  void aChangeThatIsSavedAndNotInForceIsToldAsThat() {
    control.publish =
        () -> {
          throw new IllegalStateException("planted-reason");
        };
    String id;
    try {
      Answered answered = control.post("/endpoints", body("url", "https://saved.example.com"));
      ControlContract.assertRefused(answered, 503, "ERR_KEYGATE_NOT_YET_APPLIED");
      assertThat(answered.message()).contains("is saved").doesNotContain("planted-reason");
      assertThat(answered.raw().headers().firstValue("retry-after")).contains("1");
      id = answered.json().at("/details/id").asString();
      assertThat(control.get("/endpoints/" + id).status()).isEqualTo(200);
      assertThat(control.delete("/endpoints/" + id).code())
          .isEqualTo("ERR_KEYGATE_NOT_YET_APPLIED");
      // Gone from the store, yet perhaps not from memory: not a 404 before it is in force.
      assertThat(control.delete("/endpoints/" + id).code())
          .isEqualTo("ERR_KEYGATE_NOT_YET_APPLIED");
    } finally {
      control.publish = () -> {};
    }
    assertThat(control.delete("/endpoints/" + id).code()).isEqualTo("ERR_KEYGATE_NOT_FOUND");
  }

  @Test
  void aFailureShowsNothingButItsNumber() {
    control.publish =
        () -> {
          throw new AssertionError("planted-reason");
        };
    try {
      Answered answered = control.post("/endpoints", body("url", "https://fails.example.com"));
      ControlContract.assertRefused(answered, 500, "ERR_KEYGATE_INTERNAL");
      assertThat(answered.raw().body()).doesNotContain("planted-reason");
    } finally {
      control.publish = () -> {};
    }
  }

  @Test
  void aConnectionIsUsedAgainAfterARefusal() throws IOException {
    String call =
        "GET /endpoints HTTP/1.1\r\nHost: a\r\n%sAuthorization: Bearer "
            + control.admin
            + "\r\n\r\n";
    try (Socket socket = new Socket("127.0.0.1", control.port)) {
      socket.setSoTimeout(20_000);
      String stranger = "GET /endpoints HTTP/1.1\r\nHost: a\r\n\r\n";
      socket
          .getOutputStream()
          .write(
              (stranger + call.formatted("Connection: close\r\n"))
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream answers = socket.getInputStream();
      String both = new String(answers.readAllBytes(), StandardCharsets.UTF_8);
      assertThat(both).contains("HTTP/1.1 401 ", "HTTP/1.1 200 ");
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.port + path))
        .timeout(Duration.ofSeconds(20));
  }
}
