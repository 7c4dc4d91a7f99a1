package dev.keygate.ai;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * How connections to providers are made and kept.
 *
 * @param connectTimeout for TCP and TLS together, and for waiting on a full pool
 * @param keepAlive how long an idle connection is kept; below what providers and their load
 *     balancers keep them for, so that they are seldom closed under a request
 * @param maxConnections to one provider address, for each event loop
 * @param maxHeaderBytes of a response
 * @param sweepInterval how often waiting requests are checked against their timeouts: one for
 *     silence fires at most twice this much late, any other once
 * @param extraRoots certificate authorities trusted beside the platform's, for private ones
 */
public record UpstreamSettings(
    Duration connectTimeout,
    Duration keepAlive,
    int maxConnections,
    int maxHeaderBytes,
    Duration sweepInterval,
    List<X509Certificate> extraRoots) {

  public static final UpstreamSettings DEFAULT =
      new UpstreamSettings(
          Duration.ofSeconds(10),
          Duration.ofSeconds(45),
          4096,
          64 * 1024,
          Duration.ofMillis(100),
          List.of());

  public UpstreamSettings {
    extraRoots = List.copyOf(extraRoots);
  }
}
