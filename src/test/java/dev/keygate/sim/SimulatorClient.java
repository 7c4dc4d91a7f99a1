package dev.keygate.sim;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain HTTP client of the simulator, with credentials for both vendors' APIs. */
final class SimulatorClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final SimulatedProvider simulator;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();

  SimulatorClient(SimulatorSettings settings) {
    simulator = SimulatedProvider.start(settings);
  }

  SimulatorClient() {
    this(SimulatorSettings.at("127.0.0.1", 0));
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + simulator.port() + path);
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(uri(path))
        .timeout(PATIENCE)
        .header("authorization", "Bearer sk-test")
        .header("x-api-key", "sk-ant-test")
        .header("anthropic-version", "2023-06-01")
        .header("content-type", "application/json");
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(request(path).POST(HttpRequest.BodyPublishers.ofString(json)).build());
  }

  HttpResponse<String> chat(String model) throws IOException, InterruptedException {
    return post("/v1/chat/completions", chatBody(model, false));
  }

  HttpResponse<String> streamedChat(String model) throws IOException, InterruptedException {
    return post("/v1/chat/completions", chatBody(model, true));
  }

  HttpClient http() {
    return http;
  }

  static String chatBody(String model, boolean streamed) {
    return """
    {"model":"%s","stream":%s,"stream_options":{"include_usage":true},
     "messages":[{"role":"user","content":"Hello there"}]}\
    """
        .formatted(model, streamed);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  @Override
  public void close() {
    http.shutdownNow();
    simulator.close();
  }
}
