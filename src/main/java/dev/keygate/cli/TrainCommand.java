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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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

  @Option(
      names = "--clients",
      arity = "3",
      paramLabel = "URL",
      description =
          "Be the clients of a gateway: its control API, itself, its management key's file.")
  private @Nullable List<String> clientsOf;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (clientsOf != null) {
      GatewayTraining.run(clientsOf.get(0), clientsOf.get(1), Path.of(clientsOf.get(2)));
      return CommandLineTool.DONE;
    }
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
    // Provider and clients in processes of their own: in this one the profiles of HTTP code would
    // be those of all three, and the cache would have classes that no gateway needs.
    Process provider = keygate("sim", "--listen", "127.0.0.1:" + port);
    try {
      provider.inputReader().readLine(); // says where it listens, once it does
      KeygateServer server =
          KeygateServer.start(
              settings(dataDir, port), PROVIDER_KEYS, new PrintWriter(new StringWriter()));
      try {
        awaitClients(
            keygate(
                "train",
                "--clients",
                "http://127.0.0.1:" + server.controlPort(),
                "http://127.0.0.1:" + server.gatewayPort(),
                dataDir.resolve("management-key").toString()));
      } finally {
        server.stop();
      }
    } finally {
      provider.destroy();
      provider.waitFor();
    }
  }

  private static void awaitClients(Process clients) throws IOException, InterruptedException {
    try {
      int status = clients.waitFor();
      if (status != CommandLineTool.DONE) {
        throw new IOException("the training run's clients ended with status " + status);
      }
    } finally {
      clients.destroy();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process keygate(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.keygate.Keygate"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectError(Redirect.INHERIT).start();
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

  private static void deleteAll(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
