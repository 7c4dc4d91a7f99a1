package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies saved through the control API: what is refused, what is told, what requests see. */
class PolicySwapTest {
  private static final String OPEN =
      "on_http_request:\n  - type: ai-gateway\n    config: {authorization: policy}\n";

  private RunningKeygate keygate;
  private String endpoint;

  @BeforeEach
  void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    endpoint = "/endpoints/" + keygate.defaultEndpointId();
  }

  @AfterEach
  void stop() {
    keygate.close();
  }

  /** A policy whose two rules and response rule all say the same number. */
  private static String numbered(int number) {
    return """
    on_http_request:
      - actions:
          - type: set-vars
            config: {vars: [{number: NUMBER}]}
      - expressions: ["vars.number != NUMBER"]
        actions: [{type: deny}]
      - type: ai-gateway
    on_http_response:
      - actions:
          - type: add-headers
            config: {headers: {x-policy: "NUMBER"}}
    """
        .replace("NUMBER", Integer.toString(number));
  }

  @Test
  void requestsThatRunWhileAPolicyIsReplacedEndAsOneOfTheTwoSays() throws Exception {
    CreatedKey key = keygate.createKey();
    assertThat(save(numbered(0), "").statusCode()).isEqualTo(200);
    Map<String, LongAdder> answers = new ConcurrentHashMap<>();
    AtomicBoolean isOver = new AtomicBoolean();
    CountDownLatch running = new CountDownLatch(100);
    List<Future<?>> clients = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < 4; client++) {
        clients.add(
            threads.submit(() -> {
              while (!isOver.get()) {
                answers
                    .computeIfAbsent(outcome(keygate.chat(key.token())), any -> new LongAdder())
                    .increment();
                running.countDown();
              }
            }));
      }
      assertThat(running.await(20, TimeUnit.SECONDS)).isTrue();
      for (int number = 1; number <= 50; number++) {
        assertThat(save(numbered(number), "").statusCode()).isEqualTo(200);
        // Once saving has answered, the new policy is what requests meet.
        assertThat(outcome(keygate.chat(key.token()))).isEqualTo("200 policy " + number);
      }
      isOver.set(true);
      for (Future<?> client : clients) {
        client.get(20, TimeUnit.SECONDS);
      }
    }
    assertThat(answers.keySet()).allMatch(outcome -> outcome.matches("200 policy [0-9]+"));
    assertThat(answers.size()).isGreaterThan(10);
  }

  @Test
  void aBadDocumentChangesNothingAndSaysWhy() {
    CreatedKey key = keygate.createKey();
    save(numbered(7), "");
    HttpResponse<String> refused =
        save("on_http_request:\n  - type: denny\n  - expresions: []\n    actions: []\n", "");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body())
        .contains("2:11", "unknown action 'denny'; did you mean 'deny'?")
        .contains("3:5", "unknown key 'expresions'");
    assertThat(keygate.controlJson("GET", endpoint, "").get("traffic_policy").asString())
        .isEqualTo(numbered(7));
    assertThat(outcome(keygate.chat(key.token()))).isEqualTo("200 policy 7");
  }

  @Test
  void anOpenRelayIsRefusedUnlessTheRequestSaysSo() {
    HttpResponse<String> refused = save(OPEN, "");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("allow_open_relay");
    assertThat(keygate.chat("").statusCode()).isEqualTo(401);

    assertThat(save(OPEN, ",\"allow_open_relay\":true").statusCode()).isEqualTo(200);
    HttpResponse<String> open =
        keygate.gateway("/v1/chat/completions", RunningKeygate.chatBody("gpt-4o", "Hello"));
    assertThat(open.statusCode()).isEqualTo(200);
    // A key that is presented must be valid all the same.
    assertThat(keygate.chat("ng-not-a-g1-key").statusCode()).isEqualTo(401);
  }

  @Test
  void savingAnswersWithWhatTheAuthorShouldKnow() {
    String policy =
        """
        on_http_request:
          - expressions: ["1 < 2"]
            actions: [{type: log, config: {metadata: {a: b}}}]
          - type: ai-gateway
            config: {authorization: policy}
          - type: deny
        """;
    HttpResponse<String> saved = save(policy, ",\"allow_open_relay\":true");
    assertThat(saved.statusCode()).isEqualTo(200);
    assertThat(RunningKeygate.JSON.readTree(saved.body()).get("warnings"))
        .extracting(warning -> warning.asString())
        .satisfiesExactly(
            always -> assertThat(always).contains("2:19", "true for every request"),
            relay -> assertThat(relay).contains("4:5", "anybody may use"),
            never -> assertThat(never).contains("6:5", "never runs"));
    assertThat(keygate.controlJson("GET", endpoint, "").has("warnings")).isFalse();
    HttpResponse<String> created =
        keygate.control(
            "POST",
            "/endpoints",
            "{\"url\":\"https://b.example.com\",\"allow_open_relay\":true,\"traffic_policy\":"
                + RunningKeygate.JSON.writeValueAsString(OPEN)
                + "}");
    assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
    assertThat(RunningKeygate.JSON.readTree(created.body()).get("warnings")).hasSize(1);
    assertThat(RunningKeygate.JSON.readTree(save(numbered(1), "").body()).has("warnings"))
        .isFalse();
  }

  @Test
  void severalGatewayActionsMustAgreeOnAuthorization() {
    HttpResponse<String> refused =
        save(
            """
            on_http_request:
              - expressions: ["req.method == 'GET'"]
                actions: [{type: ai-gateway, config: {authorization: passthrough}}]
              - type: ai-gateway
            """,
            "");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("authorization differs");
  }

  private HttpResponse<String> save(String policy, String fields) {
    String text = RunningKeygate.JSON.writeValueAsString(policy);
    return keygate.control("PATCH", endpoint, "{\"traffic_policy\":" + text + fields + "}");
  }

  private static String outcome(HttpResponse<String> response) {
    return response.statusCode()
        + " policy "
        + response.headers().firstValue("x-policy").orElse(response.body());
  }
}
