package dev.keygate.e2e;

import dev.keygate.server.KeygateServer;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import dev.keygate.sim.SimulatedProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A whole Keygate in front of a simulated provider, both on sockets of their own, and the few calls
 * that end-to-end tests make.
 */
final class RunningKeygate implements AutoCloseable {
  static final String OPENAI_KEY = "sk-canary-openai-3f9c1d7e5b";
  static final String ANTHROPIC_KEY = "sk-ant-canary-anthropic-8a2b6c4d0e";
  static final JsonMapper JSON = new JsonMapper();

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final SimulatedProvider provider;
  final KeygateServer server;
  final Path dataDir;
  final StringWriter printed = new StringWriter();
  final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final String managementToken;

  private RunningKeygate(Path dataDir, Map<Setting, String> extra) throws IOException {
    this.dataDir = dataDir;
    provider = SimulatedProvider.start("127.0.0.1", 0);
    String base = "http://127.0.0.1:" + provider.port() + "/v1";
    SettingValues values =
        new SettingValues()
            .withFlag(Setting.LISTEN, "127.0.0.1:0")
            .withFlag(Setting.CONTROL_LISTEN, "127.0.0.1:0")
            .withFlag(Setting.DATA_DIR, dataDir.toString())
            .withFlag(Setting.PROVIDER_URLS, "openai=" + base + ",anthropic=" + base)
            .withFlag(Setting.DRAIN_TIMEOUT, "2s");
    extra.forEach(values::withFlag);
    server =
        KeygateServer.start(
            ServerSettings.of(values),
            Map.of("OPENAI_API_KEY", OPENAI_KEY, "ANTHROPIC_API_KEY", ANTHROPIC_KEY),
            new PrintWriter(printed, true));
    managementToken = Files.readString(dataDir.resolve("management-key")).strip();
  }

  static RunningKeygate start(Path dataDir) throws IOException {
    return new RunningKeygate(dataDir, Map.of());
  }

  static RunningKeygate start(Path dataDir, Map<Setting, String> extra) throws IOException {
    return new RunningKeygate(dataDir, extra);
  }

  String managementToken() {
    return managementToken;
  }

  String gatewayUrl() {
    return "http://127.0.0.1:" + server.gatewayPort();
  }

  String controlUrl() {
    return "http://127.0.0.1:" + server.controlPort();
  }

  /** One call of the control API as the first management key. */
  HttpResponse<String> control(String method, String path, String body) {
    return send(
        HttpRequest.newBuilder(URI.create(controlUrl() + path))
            .header("Authorization", "Bearer " + managementToken)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body)));
  }

  JsonNode controlJson(String method, String path, String body) {
    HttpResponse<String> response = control(method, path, body);
    if (response.statusCode() >= 300) {
      throw new AssertionError(method + " " + path + ": " + response.body());
    }
    return JSON.readTree(response.body());
  }

  String defaultEndpointId() {
    return controlJson("GET", "/endpoints", "").get("endpoints").get(0).get("id").asString();
  }

  /** Stores values that policies read with {@code secrets.get(vault, name)}. */
  void secrets(String vault, Map<String, String> values) {
    controlJson("POST", "/vaults", "{\"name\":\"" + vault + "\"}");
    values.forEach((name, value) ->
        controlJson(
            "POST",
            "/vault_secrets",
            "{\"vault_name\":\"%s\",\"name\":\"%s\",\"value\":\"%s\"}"
                .formatted(vault, name, value)));
  }

  /** Makes a gateway key for the endpoint; {@code fields} are further JSON members, or empty. */
  CreatedKey createKey(String endpointId, String fields) {
    JsonNode made =
        controlJson(
            "POST",
            "/ai_gateway_api_keys",
            "{\"endpoint_id\":\""
                + endpointId
                + "\""
                + (fields.isEmpty() ? "" : "," + fields)
                + "}");
    return new CreatedKey(made.get("id").asString(), made.get("token").asString());
  }

  CreatedKey createKey() {
    return createKey(defaultEndpointId(), "");
  }

  record CreatedKey(String id, String token) {}

  void deleteKey(CreatedKey key) {
    HttpResponse<String> response = control("DELETE", "/ai_gateway_api_keys/" + key.id(), "");
    if (response.statusCode() != 204) {
      throw new AssertionError(response.body());
    }
  }

  static String chatBody(String model, String text) {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(model, text);
  }

  HttpResponse<String> chat(String token) {
    return gateway(
        "/v1/chat/completions", chatBody("gpt-4o", "Hello"), "Authorization", "Bearer " + token);
  }

  /** A POST to the gateway with these headers (name, value, …). */
  HttpResponse<String> gateway(String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(gatewayUrl() + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return http.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new AssertionError("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
    server.stop();
    provider.close();
  }
}
