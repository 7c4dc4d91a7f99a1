package dev.keygate.control;

import dev.keygate.ai.catalog.Catalog;
import dev.keygate.identifier.Identifiers;
import dev.keygate.key.ManagementToken;
import dev.keygate.policy.trial.PolicyTest;
import dev.keygate.secret.MasterKey;
import dev.keygate.secret.MasterKeyEnvelope;
import dev.keygate.store.AuditRow;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.store.StoreSettings;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A control API on a socket of its own, over a real store. What it publishes to is a switch, and
 * policies are what their text says they are: those parts are tested where they are made.
 */
final class RunningControl implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();
  static final String POLICY = "on_http_request:\n  - type: ai-gateway\n";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final SqlStore store;
  final ControlServer server;
  final String admin;
  volatile Instant now = Instant.parse("2026-03-01T12:00:00Z");

  /** What happens when a change is put in force. */
  volatile Runnable publish = () -> {};

  /** Whether the master key is where it was, as its envelope looks for it. */
  volatile boolean hasMasterKey = true;

  private final MasterKey masterKey = MasterKey.generate();
  private final Vertx vertx = Vertx.vertx();
  private final Identifiers identifiers = new Identifiers(() -> now);
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  final int port;

  RunningControl(StoreSettings settings) {
    this(settings, ControlLimits.DEFAULT);
  }

  RunningControl(StoreSettings settings, ControlLimits limits) {
    this(settings, limits, Optional.empty());
  }

  RunningControl(StoreSettings settings, ControlLimits limits, Optional<ControlSettings.Tls> tls) {
    store = SqlStore.open(settings);
    ControlParts parts =
        new ControlParts(
            store,
            new MasterKeyEnvelope(List.of(masterKey), this::masterKeys),
            identifiers,
            () -> now,
            () -> publish.run(),
            new PoliciesByText(),
            new BuiltInModels(),
            List.of("openai", "anthropic")::contains,
            List::of,
            () -> "keygate_keys 0\n",
            "http://localhost:8080");
    server =
        new ControlServer(
            vertx, new ControlSettings("127.0.0.1", 0, Optional.empty(), tls), parts, limits);
    port = await(server.start().toCompletionStage().toCompletableFuture()::get);
    admin = managementKey(Role.ADMIN);
  }

  private List<MasterKey> masterKeys() throws IOException {
    if (!hasMasterKey) {
      throw new IOException("master-key: is missing");
    }
    return List.of(masterKey);
  }

  private record PoliciesByText() implements PolicyInspector {
    @Override
    public List<String> problems(String document, boolean allowOpenRelay) {
      return document.contains("broken") ? List.of("line 1, column 1: it is broken") : List.of();
    }

    @Override
    public List<String> warnings(String document) {
      return List.of();
    }

    @Override
    public boolean hasAiGateway(String document) {
      return document.contains("ai-gateway");
    }

    @Override
    public String schema() {
      return "{\"type\":\"object\"}";
    }

    @Override
    public PolicyTest.Report test(String document, String tests) {
      return new PolicyTest.Report(1, document.contains("broken") ? 1 : 0, tests);
    }
  }

  private record BuiltInModels() implements ModelSource {
    @Override
    public Catalog catalog() {
      return Catalog.builtIn();
    }

    @Override
    public int managedKeys(String providerId) {
      return providerId.equals("openai") ? 1 : 0;
    }

    @Override
    public String whySetAside(String providerKeyId) {
      return "";
    }
  }

  /** Stores a management key; gives its token. */
  String managementKey(Role role) {
    ManagementToken token = ManagementToken.generate(new SecureRandom());
    String id = identifiers.next("ak");
    store.write(tables -> {
      tables
          .managementKeys()
          .insert(
              new ManagementKeyRow(
                  id, now, now, "keygate", token.hash().toBytes(), role.toString(), "", ""));
      return id;
    });
    return token.reveal();
  }

  /** What came back. */
  record Answered(int status, JsonNode json, HttpResponse<String> raw) {
    String text(String field) {
      return json.path(field).asString("");
    }

    String code() {
      return text("error_code");
    }

    String message() {
      return text("msg");
    }
  }

  Answered get(String path) {
    return call("GET", path, "");
  }

  Answered post(String path, String body, String... headers) {
    return call("POST", path, body, headers);
  }

  Answered patch(String path, String body) {
    return call("PATCH", path, body);
  }

  Answered delete(String path) {
    return call("DELETE", path, "");
  }

  /** A call with the admin's key. */
  Answered call(String method, String path, String body, String... headers) {
    return callAs(admin, method, path, body, headers);
  }

  Answered callAs(String token, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(PATIENCE)
            .header("Authorization", "Bearer " + token)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (!body.isEmpty()) {
      request.header("Content-Type", "application/json");
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request.build());
  }

  Answered send(HttpRequest request) {
    HttpResponse<String> response = await(() -> http.send(request, BodyHandlers.ofString()));
    String type = response.headers().firstValue("content-type").orElse("");
    return new Answered(
        response.statusCode(),
        type.equals("application/json") ? JSON.readTree(response.body()) : JSON.createObjectNode(),
        response);
  }

  /** Sends bytes as they are, and reads until the server closes. */
  String raw(String text) throws IOException {
    try (Socket socket = new Socket("127.0.0.1", port)) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      socket.getInputStream().transferTo(answer);
      return answer.toString(StandardCharsets.UTF_8);
    }
  }

  /** A new endpoint; gives its id. */
  String endpoint(String url) {
    return made(post("/endpoints", body("url", url, "traffic_policy", POLICY)));
  }

  /** A new gateway key of the endpoint; gives its id. */
  String gatewayKey(String endpointId, String description) {
    return made(
        post("/ai_gateway_api_keys", body("endpoint_id", endpointId, "description", description)));
  }

  private static String made(Answered answered) {
    if (answered.status() != 201) {
      throw new AssertionError(answered.json().toString());
    }
    return answered.text("id");
  }

  /** A JSON object of texts: name, value, … */
  static String body(String... fields) {
    var object = JSON.createObjectNode();
    for (int i = 0; i < fields.length; i += 2) {
      object.put(fields[i], fields[i + 1]);
    }
    return object.toString();
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** The newest audit rows, newest first. */
  List<AuditRow> audit(int count) {
    return store.read(tables -> tables.audit().page("", count));
  }

  <T> T stored(Function<Store.Tables, T> read) {
    return store.read(read::apply);
  }

  @Override
  public void close() {
    http.close();
    server.close();
    await(() -> vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS));
    store.close();
  }

  /** Something that waits, and is interrupted by nobody. */
  @FunctionalInterface
  interface Waiting<T> {
    T get() throws Exception;
  }

  static <T> T await(Waiting<T> waiting) {
    try {
      return waiting.get();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
