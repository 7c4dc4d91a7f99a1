package dev.keygate.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The clients of the training run: makes a key and the calls, several at once. Most go well; some
 * of each kind do not, since the compiler leaves out what it never saw happen: the first client
 * that hangs up would then have most of the request path compiled anew, while all others wait.
 */
final class GatewayTraining {
  private static final int ROUNDS = 20_000;
  private static final int CLIENTS = 8;

  /** One call of so many goes wrong. */
  private static final int SELDOM = 25;

  private static final long PATIENCE_MILLIS = 5;
  private static final String CHAT = "/v1/chat/completions";

  private static final List<String> USUAL =
      List.of(
          "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          "{\"model\":\"claude-sonnet-4-5\",\"messages\":[]}");

  /** Calls whose client leaves before the answer has come, or in the middle of it. */
  private static final List<String> LEFT =
      List.of(
          "{\"model\":\"gpt-4o-sim-delay-20ms\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}",
          "{\"model\":\"gpt-4o-sim-slow-20ms\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");

  /** Calls that fail; of a provider of their own, since its key is set aside again and again. */
  private static final List<String> FAILING =
      List.of(
          "{\"model\":\"groq:sim-status-400\",\"messages\":[]}",
          "{\"model\":\"groq:sim-status-500\",\"messages\":[]}",
          "{\"model\":\"groq:sim-reset\",\"messages\":[]}",
          "{\"model\":\"groq:sim-cut-2\",\"stream\":true,\"messages\":[]}",
          "{\"model\":\"no-such-model\",\"messages\":[]}",
          "no JSON");

  /** What most endpoints will have in some form: each start compiles its expressions. */
  private static final String POLICY =
      """
      on_http_request:
        - expressions:
            - "req.method == 'POST' && req.url.path.startsWith('/v1/')"
            - "req.headers['x-team'][0] == 'blocked' || conn.client_ip in ['203.0.113.1']"
          actions:
            - type: deny
        - actions:
            - type: ai-gateway
      """;

  private static final int CALLS_WITH_POLICY = 100;

  private final HttpClient http;
  private final String gateway;
  private final String token;

  private GatewayTraining(HttpClient http, String gateway, String token) {
    this.http = http;
    this.gateway = gateway;
    this.token = token;
  }

  /**
   * Makes all the calls.
   *
   * @param control URL of the control API, without a path
   * @param gateway URL of the gateway, without a path
   * @param managementKey the file that it is in
   */
  static void run(String control, String gateway, Path managementKey)
      throws IOException, InterruptedException {
    String management = Files.readString(managementKey).strip();
    try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String endpoints = send(http, control + "/endpoints", management, "");
      String endpoint = JsonMapper.shared().readTree(endpoints).at("/endpoints/0/id").asString();
      String made =
          send(
              http,
              control + "/ai_gateway_api_keys",
              management,
              "{\"endpoint_id\":\"" + endpoint + "\"}");
      String token = JsonMapper.shared().readTree(made).get("token").asString();
      GatewayTraining training = new GatewayTraining(http, gateway, token);
      training.callAll();
      setPolicy(http, control + "/endpoints/" + endpoint, management);
      training.callWithPolicy();
    }
  }

  private void callAll() throws IOException, InterruptedException {
    try (ExecutorService clients = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        int first = i;
        all.add(
            clients.submit(() -> {
              call(first);
              return true;
            }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    } catch (ExecutionException e) {
      throw new IOException("a call of the training run failed", e.getCause());
    }
    send("/v1/messages", token, USUAL.getLast());
    send("/v1/models", token, "");
  }

  private static void setPolicy(HttpClient http, String endpoint, String management)
      throws IOException, InterruptedException {
    String change = JsonMapper.shared().writeValueAsString(Map.of("traffic_policy", POLICY));
    HttpResponse<String> changed =
        http.send(request("PATCH", endpoint, management, change), BodyHandlers.ofString());
    if (changed.statusCode() != 200) {
      throw new IOException("the training run's policy was refused: " + changed.body());
    }
  }

  /** Few, and last: the profiles are to be those of a request on its shortest way. */
  private void callWithPolicy() throws IOException, InterruptedException {
    for (int i = 0; i < CALLS_WITH_POLICY; i++) {
      send(CHAT, token, USUAL.getFirst());
    }
  }

  private void call(int first) throws IOException, InterruptedException {
    for (int i = first; i < ROUNDS; i += CLIENTS) {
      send(CHAT, token, USUAL.get(i % USUAL.size()));
      if (i % SELDOM == 0) {
        mishap(i / SELDOM);
      }
    }
  }

  private void mishap(int number) throws InterruptedException {
    try {
      leave(LEFT.get(number % LEFT.size()));
      send(CHAT, token, FAILING.get(number % FAILING.size()));
      send(CHAT, "unknown", USUAL.getFirst());
    } catch (IOException meant) {
      // An answer that is cut, for one.
    }
  }

  private void leave(String body) throws InterruptedException {
    CompletableFuture<?> answer =
        http.sendAsync(request(gateway + CHAT, token, body), BodyHandlers.discarding());
    try {
      answer.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException meant) {
      answer.cancel(true);
    }
  }

  private void send(String path, String bearer, String body)
      throws IOException, InterruptedException {
    send(http, gateway + path, bearer, body);
  }

  private static String send(HttpClient http, String url, String bearer, String body)
      throws IOException, InterruptedException {
    return http.send(request(url, bearer, body), BodyHandlers.ofString()).body();
  }

  /** GET without a body, POST with one. */
  private static HttpRequest request(String url, String bearer, String body) {
    return request(body.isEmpty() ? "GET" : "POST", url, bearer, body);
  }

  private static HttpRequest request(String method, String url, String bearer, String body) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Authorization", "Bearer " + bearer)
        .header("Content-Type", "application/json")
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }
}
