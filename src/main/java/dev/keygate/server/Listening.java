package dev.keygate.server;

import dev.keygate.address.CidrSet;
import dev.keygate.control.ControlSettings;
import dev.keygate.gateway.GatewaySettings;

/** What each listener needs to know, out of the server's settings. */
final class Listening {
  private Listening() {}

  static GatewaySettings gateway(ServerSettings settings, int eventLoops) {
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
        new GatewaySettings.Proxies(
            CidrSet.of(settings.proxies().trusted()),
            settings.proxies().protocol().equals("required")),
        listener.pems().map(pems -> new GatewaySettings.Tls(pems.certificate(), pems.key())));
  }

  static ControlSettings control(ServerSettings settings) {
    ServerSettings.Listener listener = settings.control();
    return new ControlSettings(
        listener.address().getAddress().getHostAddress(),
        listener.address().getPort(),
        settings.controlUrl(),
        listener.pems().map(pems -> new ControlSettings.Tls(pems.certificate(), pems.key())));
  }
}
