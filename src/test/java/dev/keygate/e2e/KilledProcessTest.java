package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What was answered before a {@code kill -9} holds after the restart. */
class KilledProcessTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir private Path dataDir;

  @Test
  void keysCreatedAndDeletedBeforeTheKillAreExactlySoAfterTheRestart() throws Exception {
    Map<String, String> kept = new TreeMap<>();
    Map<String, String> deleted = new TreeMap<>();
    Serving first = serve();
    String endpoint =
        first.control("GET", "/endpoints", "").get("endpoints").get(0).get("id").asString();
    AtomicInteger answered = new AtomicInteger();
    Thread killer =
        Thread.ofVirtual()
            .unstarted(() -> {
              // In the middle of the work, not after it: some request is cut off.
              while (answered.get() < 40) {
                Thread.onSpinWait();
              }
              first.process().destroyForcibly();
            });
    killer.start();
    try {
      while (true) {
        JsonNode made =
            first.control("POST", "/ai_gateway_api_keys", "{\"endpoint_id\":\"" + endpoint + "\"}");
        String id = made.get("id").asString();
        kept.put(id, made.get("token").asString());
        if (answered.incrementAndGet() % 2 == 0) {
          String token = kept.remove(id);
          // From here on the key may or may not be deleted, until the answer says that it is.
          first.control("DELETE", "/ai_gateway_api_keys/" + id, "");
          deleted.put(id, token);
        }
      }
    } catch (IOException killed) {
      assertThat(first.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }

    Serving second = serve();
    try {
      assertThat(kept).isNotEmpty();
      assertThat(deleted).isNotEmpty();
      for (String token : kept.values()) {
        assertThat(second.chat(token)).isEqualTo(200);
      }
      for (String token : deleted.values()) {
        assertThat(second.chat(token)).isEqualTo(401);
      }
    } finally {
      second.process().destroy();
      assertThat(second.process().waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(second.process().exitValue()).isEqualTo(143);
  }

  private Serving serve() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "--enable-native-access=ALL-UNNAMED"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.keygate.Keygate"));
    command.addAll(List.of("serve", "--demo", "--listen", "127.0.0.1:0"));
    command.addAll(List.of("--control-listen", "127.0.0.1:0", "--data-dir", dataDir.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(dataDir.resolve("log").toFile()))
            .start();
    try {
      return serving(process);
    } catch (IOException | AssertionError e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private Serving serving(Process process) throws IOException {
    BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    String gateway = url(out, "gateway");
    String control = url(out, "control");
    Thread.ofVirtual().start(() -> out.lines().forEach(line -> {}));
    return new Serving(process, gateway, control);
  }

  private String url(BufferedReader out, String name) throws IOException {
    Pattern pattern = Pattern.compile("\\s*" + name + "\\s+(http://\\S+).*");
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher match = pattern.matcher(line);
      if (match.matches()) {
        return match.group(1);
      }
    }
    throw new AssertionError("ended at start: " + Files.readString(dataDir.resolve("log")));
  }

  private final class Serving {
    private final Process process;
    private final String gateway;
    private final String control;

    Serving(Process process, String gateway, String control) {
      this.process = process;
      this.gateway = gateway;
      this.control = control;
    }

    Process process() {
      return process;
    }

    JsonNode control(String method, String path, String body) throws IOException {
      String token = Files.readString(dataDir.resolve("management-key")).strip();
      HttpResponse<String> response =
          send(
              HttpRequest.newBuilder(URI.create(control + path))
                  .header("Authorization", "Bearer " + token)
                  .header("Content-Type", "application/json")
                  .method(method, HttpRequest.BodyPublishers.ofString(body))
                  .build());
      if (response.statusCode() >= 300) {
        throw new AssertionError(method + " " + path + ": " + response.body());
      }
      return response.body().isEmpty() ? JSON.createObjectNode() : JSON.readTree(response.body());
    }

    int chat(String token) throws IOException {
      return send(HttpRequest.newBuilder(URI.create(gateway + "/v1/chat/completions"))
              .header("Authorization", "Bearer " + token)
              .POST(HttpRequest.BodyPublishers.ofString(RunningKeygate.chatBody("gpt-4o", "Hello")))
              .build())
          .statusCode();
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException {
      try {
        return http.send(request, HttpResponse.BodyHandlers.ofString());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }
}
