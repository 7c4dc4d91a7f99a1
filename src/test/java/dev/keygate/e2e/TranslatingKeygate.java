package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.sim.ReceivedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A Keygate whose one provider speaks other APIs than its clients do. */
final class TranslatingKeygate implements AutoCloseable {
  final RunningKeygate keygate;
  final String token;
  final String revoked;

  private final List<String> paths;

  private TranslatingKeygate(RunningKeygate keygate, String... surfaces) {
    this.keygate = keygate;
    paths = Arrays.stream(surfaces).map(TranslatingKeygate::path).toList();
    token = keygate.createKey().token();
    RunningKeygate.CreatedKey deleted = keygate.createKey();
    keygate.deleteKey(deleted);
    revoked = deleted.token();
  }

  /**
   * Starts one.
   *
   * @param provider a built-in one
   * @param surfaces all that it serves, as {@code format/surface}
   */
  static TranslatingKeygate start(Path dataDir, String provider, String... surfaces)
      throws IOException {
    TranslatingKeygate started = new TranslatingKeygate(RunningKeygate.start(dataDir), surfaces);
    String list =
        Arrays.stream(surfaces)
            .map(each -> each.split("/", 2))
            .map(each -> "{format: %s, surface: %s}".formatted(each[0], each[1]))
            .collect(Collectors.joining(", "));
    String policy =
        """
        on_http_request:
          - type: ai-gateway
            config:
              providers:
                - id: %s
                  base_url: http://127.0.0.1:%d/v1
                  supported_api_surfaces: [%s]
        """
            .formatted(provider, started.keygate.provider.port(), list);
    started.keygate.controlJson(
        "PATCH",
        "/endpoints/" + started.keygate.defaultEndpointId(),
        "{\"traffic_policy\":" + RunningKeygate.JSON.writeValueAsString(policy) + "}");
    return started;
  }

  private static String path(String surface) {
    return switch (surface.substring(surface.indexOf('/') + 1)) {
      case "chat-completions" -> "/v1/chat/completions";
      case "count-tokens" -> "/v1/messages/count_tokens";
      case String same -> "/v1/" + same;
    };
  }

  /** Looks first that the provider was asked for nothing that it does not serve. */
  @Override
  public void close() {
    assertThat(keygate.provider.received())
        .extracting(ReceivedRequest::path)
        .isNotEmpty()
        .isSubsetOf(paths);
    keygate.close();
  }
}
