package dev.keygate.cli;

import dev.keygate.server.KeygateServer;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs command lines beside a gateway of its own, as somebody on the server's machine does. */
final class Shell implements AutoCloseable {
  static final JsonMapper JSON = new JsonMapper();

  final Path dataDir;
  final Map<String, String> environment = new HashMap<>();
  final StringWriter greeting = new StringWriter();
  private final KeygateServer server;

  /** What a command left behind. */
  record Done(int code, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }

    List<String> lines() {
      return out.lines().toList();
    }
  }

  Shell(Path dataDir) {
    this(dataDir, Map.of());
  }

  Shell(Path dataDir, Map<Setting, String> extra) {
    this.dataDir = dataDir;
    SettingValues values =
        new SettingValues()
            .withFlag(Setting.LISTEN, "127.0.0.1:0")
            .withFlag(Setting.CONTROL_LISTEN, "127.0.0.1:0")
            .withFlag(Setting.DATA_DIR, dataDir.toString())
            .withFlag(Setting.LOG_LEVEL, "error")
            .withFlag(Setting.DRAIN_TIMEOUT, "1s");
    extra.forEach(values::withFlag);
    this.server =
        KeygateServer.start(ServerSettings.of(values), Map.of(), new PrintWriter(greeting, true));
    environment.put("KEYGATE_API_URL", url());
    environment.put("KEYGATE_DATA_DIR", dataDir.toString());
  }

  String url() {
    return "http://127.0.0.1:" + server.controlPort();
  }

  String gatewayUrl() {
    return "http://127.0.0.1:" + server.gatewayPort();
  }

  String managementKey() throws IOException {
    return Files.readString(dataDir.resolve("management-key")).strip();
  }

  /** {@code keygate api …} with nothing on standard input. */
  Done api(String... arguments) {
    return apiReading("", arguments);
  }

  Done apiReading(String input, String... arguments) {
    return run(environment, input, Optional.empty(), arguments);
  }

  /** The same at a terminal, whose person answers every question with {@code answer}. */
  Done apiAsked(String answer, String... arguments) {
    return run(environment, "", Optional.of(new Person(answer)), arguments);
  }

  /** Any command with this on standard input. */
  Done tool(String input, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                environment,
                Path.of("/nonexistent"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                Optional.empty()),
            arguments);
    return new Done(code, out.toString(), err.toString());
  }

  static Done run(
      Map<String, String> environment,
      String input,
      Optional<Surroundings.Terminal> terminal,
      String... arguments) {
    List<String> all = new ArrayList<>(List.of("api"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code =
        CommandLineTool.run(
            new Surroundings(
                environment,
                Path.of("/nonexistent"),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                terminal),
            all.toArray(String[]::new));
    return new Done(code, out.toString(), err.toString());
  }

  String endpointId() {
    return api("endpoints", "list", "--output", "json").json().at("/endpoints/0/id").asString();
  }

  /** Makes a gateway key and returns it as JSON. */
  JsonNode createKey(String description) {
    return api(
            "ai-gateway-api-keys",
            "create",
            "--endpoint-id",
            endpointId(),
            "--description",
            description,
            "--output",
            "json")
        .json();
  }

  @Override
  public void close() {
    server.stop();
  }

  private record Person(String answer) implements Surroundings.Terminal {
    @Override
    public String ask(String question) {
      return answer;
    }

    @Override
    public String askSecret(String question) {
      return answer;
    }
  }
}
