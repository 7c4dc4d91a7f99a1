package dev.keygate.server;

import dev.keygate.key.ManagementToken;
import dev.keygate.live.LiveEndpoint;
import dev.keygate.live.LiveState;
import java.io.PrintWriter;
import java.util.Optional;

/** What a person reads when a node is ready: where it is, and the next three lines to type. */
final class Greeting {
  private Greeting() {}

  static void print(
      PrintWriter out,
      KeygateServer server,
      DataDirectory data,
      LiveState live,
      Providers providers,
      Optional<ManagementToken> made) {
    String scheme = server.gatewayScheme();
    out.printf("Keygate is ready.%n");
    out.printf("  gateway   %s://%s%n", scheme, server.gatewayAddress());
    out.printf("  control   %s://%s%n", server.controlScheme(), server.controlAddress());
    out.printf("  data      %s%n", data.path());
    if (!providers.simulatedIds().isEmpty()) {
      out.printf(
          "  demo      %s are simulated: answers are made up%n",
          String.join(" and ", providers.simulatedIds()));
    }
    made.ifPresent(token ->
        out.printf(
            "%nYour management key, shown this once and kept in %s:%n  %s%n",
            data.path().resolve(FirstStart.TOKEN_FILE), token.reveal()));
    String endpoint =
        live.endpoints()
            .filter(one -> one.endpoint().isDefault())
            .map(LiveEndpoint::endpoint)
            .map(one -> one.id())
            .findFirst()
            .orElse("ep_…");
    out.printf("%nNext, make a gateway key, call the gateway with it, and see it used:%n");
    out.printf(
        "  keygate api ai-gateway-api-keys create --endpoint-id %s --description \"my first app\"%n",
        endpoint);
    out.printf(
        "  curl %s://%s/v1/chat/completions -H \"Authorization: Bearer $TOKEN\" -H"
            + " \"Content-Type: application/json\" -d '{\"model\":\"gpt-4o\",\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"Hello\"}]}'%n",
        scheme, server.gatewayAddress());
    out.printf("  keygate api ai-gateway-api-keys list%n");
    out.flush();
  }
}
