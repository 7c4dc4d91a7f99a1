package dev.keygate.cli;

import dev.keygate.server.KeygateServer;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/**
 * The build's training run for the AOT cache: a gateway of its own on loopback and some thousand
 * requests, so that the classes and profiles of start-up and of the request path are recorded.
 */
@Command(
    name = "train",
    hidden = true,
    mixinStandardHelpOptions = true,
    description = "Exercise a throw-away gateway; run by the build while it records an AOT cache.")
final class TrainCommand implements Callable<Integer> {
  private static final Map<String, String> PROVIDER_KEYS =
      Map.of(
          "OPENAI_API_KEY", "sk-train",
          "ANTHROPIC_API_KEY", "sk-ant-train",
          "GROQ_API_KEY", "gsk-train");

  @Option(names = "--commands", description = "Exercise the commands instead of a gateway.")
  private boolean isOfCommands;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path dataDir = Files.createTempDirectory("keygate-train");
    try {
      if (isOfCommands) {
        CommandTraining.run(dataDir);
      } else {
        exerciseGateway(dataDir);
      }
    } finally {
      deleteAll(dataDir);
    }
    return CommandLineTool.DONE;
  }

  private static void exerciseGateway(Path dataDir) throws IOException, InterruptedException {
    int port = freePort();
    // A process of its own: in this one the profiles of HTTP code would be those of both.
    Process provider =
        new ProcessBuilder(simulatedProvider(port)).redirectError(Redirect.INHERIT).start();
    try {
      provider.inputReader().readLine(); // says where it listens, once it does
      KeygateServer server =
          KeygateServer.start(
              settings(dataDir, port), PROVIDER_KEYS, new PrintWriter(new StringWriter()));
      // Made here: this object is made for every command line, and a client reads certificates.
      try (HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
        String token = Files.readString(dataDir.resolve("management-key")).strip();
        exercise(http, server, token);
      } finally {
        server.stop();
      }
    } finally {
      provider.destroy();
      provider.waitFor();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static List<String> simulatedProvider(int port) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        "dev.keygate.Keygate",
        "sim",
        "--listen",
        "127.0.0.1:" + port);
  }

  private static ServerSettings settings(Path dataDir, int providerPort) {
    String provider = "http://127.0.0.1:" + providerPort + "/v1";
    return ServerSettings.of(
        new SettingValues()
            .withFlag(Setting.LISTEN, "127.0.0.1:0")
            .withFlag(Setting.CONTROL_LISTEN, "127.0.0.1:0")
            .withFlag(Setting.DATA_DIR, dataDir.toString())
            .withFlag(Setting.LOG_LEVEL, "error")
            .withFlag(
                Setting.PROVIDER_URLS, "openai=%1$s,anthropic=%1$s,groq=%1$s".formatted(provider)));
  }

  private static void exercise(HttpClient http, KeygateServer server, String managementToken)
      throws IOException, InterruptedException {
    String control = "http://127.0.0.1:" + server.controlPort();
    String endpoints = send(http, control + "/endpoints", managementToken, "");
    String endpoint = JsonMapper.shared().readTree(endpoints).at("/endpoints/0/id").asString();
    String made =
        send(
            http,
            control + "/ai_gateway_api_keys",
            managementToken,
            "{\"endpoint_id\":\"" + endpoint + "\"}");
    String token = JsonMapper.shared().readTree(made).get("token").asString();
    new GatewayTraining(http, "http://127.0.0.1:" + server.gatewayPort(), token).run();
  }

  /** GET without a body, POST with one. */
  private static String send(HttpClient http, String url, String token, String body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url))
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "application/json");
    if (!body.isEmpty()) {
      request.POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
  }

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
