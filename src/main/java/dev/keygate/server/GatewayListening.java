package dev.keygate.server;

import dev.keygate.gateway.GatewaySettings;
import java.util.Optional;

/** The gateway's own settings out of the server's. */
final class GatewayListening {
  private GatewayListening() {}

  static GatewaySettings settings(ServerSettings settings, int eventLoops) {
    ServerSettings.Listener listener = settings.gateway();
    return new GatewaySettings(
        listener.address().getAddress().getHostAddress(),
        listener.address().getPort(),
        eventLoops,
        settings.sizes().maxBody(),
        settings.sizes().maxBuffered(),
        settings.sizes().maxHeaderBytes(),
        settings.sizes().maxHeaderLines(),
        settings.timeouts().request(),
        settings.timeouts().idle(),
        listener
            .tlsCert()
            .flatMap(certificate ->
                listener
                    .tlsKey()
                    .<GatewaySettings.Tls>map(key -> new GatewaySettings.Tls(certificate, key)))
            .or(Optional::empty));
  }
}
