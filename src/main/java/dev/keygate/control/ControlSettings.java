package dev.keygate.control;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the control API is served.
 *
 * @param port 0 for any free one
 * @param publicUrl what links in answers begin with; empty for the host that was called
 * @param tls certificate and key, when the listener speaks TLS
 */
public record ControlSettings(String host, int port, Optional<URI> publicUrl, Optional<Tls> tls) {

  /** PEM files. */
  public record Tls(Path certificate, Path key) {}
}
