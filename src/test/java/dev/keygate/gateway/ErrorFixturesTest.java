package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.Authorization;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code clients/fixtures/gateway-errors.json}: every refusal of the gateway as it goes over the
 * wire, for clients in any language to test against.
 */
class ErrorFixturesTest {
  private static final Path FILE = Path.of("clients/fixtures/gateway-errors.json");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final String MESSAGE = "What is wrong, and what would be right.";
  private static final String ID = "req_0000000000000000000000000";
  private static final List<String> HEADERS =
      List.of("content-type", "x-keygate-error", "www-authenticate", "retry-after");

  /** After a change of errors: {@code ./mvnw test -Dtest=ErrorFixturesTest -Ddocs.write}. */
  @Test
  void theFixturesAreWhatClientsGet() throws IOException, InterruptedException {
    String found = fixtures();
    if (System.getProperty("docs.write") != null) {
      Files.writeString(FILE, found);
    }
    assertThat(found).isEqualTo(Files.readString(FILE));
  }

  private static Refusal refusal(String code) {
    Refusal refusal = Refusal.of(ErrorCode.valueOf(code), MESSAGE);
    int status = refusal.code().status();
    return status == 429 || status == 503 ? refusal.withRetryAfter(5) : refusal;
  }

  private static String fixtures() throws IOException, InterruptedException {
    ArrayNode all = JSON.createArrayNode();
    ScriptedPolicy policy =
        new ScriptedPolicy(
            Authorization.NONE,
            exchange ->
                new Outcome.Refuse(refusal(String.valueOf(exchange.headers().get("x-refuse")))));
    try (RunningGateway gateway = RunningGateway.with(policy);
        HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      for (ErrorCode code : ErrorCode.values()) {
        ObjectNode fixture = all.addObject();
        fixture.put("code", code.code());
        fixture.put("status", code.status());
        fixture.set("openai", answer(http, gateway, "/v1/chat/completions", code));
        fixture.set("anthropic", answer(http, gateway, "/v1/messages", code));
      }
    }
    return JSON.writeValueAsString(all) + "\n";
  }

  private static ObjectNode answer(
      HttpClient http, RunningGateway gateway, String path, ErrorCode code)
      throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port + path))
                .header("content-type", "application/json")
                .header("x-refuse", code.name())
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(code.status());
    String requestId = response.headers().firstValue("x-request-id").orElseThrow();
    ObjectNode shown = JSON.createObjectNode();
    ObjectNode headers = shown.putObject("headers");
    HEADERS.forEach(
        name -> response.headers().firstValue(name).ifPresent(value -> headers.put(name, value)));
    headers.put("x-request-id", ID);
    shown.set("body", JSON.readTree(response.body().replace(requestId, ID)));
    return shown;
  }
}
