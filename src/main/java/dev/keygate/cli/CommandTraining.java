package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What people type most, run against a stand-in for the control API while the build records the AOT
 * cache of commands: the server's own classes are not to be in it.
 */
final class CommandTraining {
  /** Some of them are refused: how that is told is trained too. */
  private static final List<String> COMMANDS =
      List.of(
          "api ai-gateway-api-keys create --endpoint-id ep_none --description x",
          "api ai-gateway-api-keys list",
          "api ai-gateway-api-keys list --output json",
          "api ai-gateway-api-keys update aigk_none --disabled",
          "api ai-gateway-api-keys delete aigk_none",
          "api ai-gateway-provider-keys list",
          "api endpoints list --filter obj.default",
          "api endpoints list --limit none",
          "api endpoints --help",
          "api --help",
          "token inspect ng-none",
          "--help",
          "--version");

  private static final String PAGE =
      """
      {"endpoints": [{"id": "ep_none", "url": "http://127.0.0.1:8080", "created_at": "2026-01-01T00:00:00Z"}],
       "keys": [{"id": "aigk_none", "endpoint": {"id": "ep_none", "uri": "/"}, "last_used": null}],
       "id": "aigk_none", "token": "ng-none", "uri": "/", "next_page_uri": null}
      """;
  private static final String REFUSAL =
      "{\"error_code\": \"ERR_NGROK_404\", \"status_code\": 404, \"msg\": \"no\", \"details\": {}}";

  private CommandTraining() {}

  static void run(Path directory) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", CommandTraining::answer);
    server.start();
    try {
      Surroundings around = around(directory, server.getAddress().getPort());
      COMMANDS.forEach(command -> CommandLineTool.run(around, command.split(" ", -1)));
    } finally {
      server.stop(0);
    }
  }

  private static Surroundings around(Path directory, int port) {
    return new Surroundings(
        Map.of(
            ApiServer.URL_VARIABLE,
            "http://127.0.0.1:" + port,
            ApiServer.KEY_VARIABLE,
            "kgm_" + "0".repeat(48)),
        directory,
        InputStream.nullInputStream(),
        new PrintWriter(new StringWriter()),
        new PrintWriter(new StringWriter()),
        Optional.empty());
  }

  private static void answer(HttpExchange call) throws IOException {
    boolean isRefused = call.getRequestURI().getPath().endsWith("/aigk_none");
    byte[] body = (isRefused ? REFUSAL : PAGE).getBytes(UTF_8);
    try (call) {
      call.sendResponseHeaders(isRefused ? 404 : 200, body.length);
      call.getResponseBody().write(body);
    }
  }
}
