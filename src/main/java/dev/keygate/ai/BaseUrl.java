package dev.keygate.ai;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a provider is: scheme, host, port, and the path that stands in for the client's {@code
 * /v1}.
 *
 * @param host lower case; an IPv6 literal without its brackets
 * @param path without a trailing slash; empty when the client's {@code /v1} is kept (SPEC.md
 *     section 6)
 */
public record BaseUrl(Scheme scheme, String host, int port, String path) {

  /** How the connection is made. */
  public enum Scheme {
    HTTP(80),
    HTTPS(443);

    private final int defaultPort;

    Scheme(int defaultPort) {
      this.defaultPort = defaultPort;
    }
  }

  /**
   * Reads {@code https://host[:port][/path]}.
   *
   * @throws IllegalArgumentException if it is anything else: another scheme, credentials, a query,
   *     a fragment, a path that climbs
   */
  public static BaseUrl parse(String text) {
    URI uri = uri(text);
    Scheme scheme = scheme(text, uri.getScheme());
    String host = uri.getHost();
    if (host == null || host.isEmpty()) {
      throw wrong(text, "a host name or address");
    }
    if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
      throw wrong(text, "no credentials, query or fragment");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw wrong(text, "a port from 1 to 65535");
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    int port = uri.getPort() < 0 ? scheme.defaultPort : uri.getPort();
    return new BaseUrl(scheme, bare.toLowerCase(Locale.ROOT), port, path(text, uri.getRawPath()));
  }

  /** Cheaper than what a record makes by itself: each request asks for its provider's route. */
  @Override
  public int hashCode() {
    return 31 * host.hashCode() + port;
  }

  /** Whether the connection is encrypted and the certificate checked. */
  public boolean isTls() {
    return scheme == Scheme.HTTPS;
  }

  /** The host as it stands in an authority: an IPv6 literal in its brackets. */
  String bracketedHost() {
    return host.indexOf(':') >= 0 ? '[' + host + ']' : host;
  }

  @Override
  public String toString() {
    String colonPort = port == scheme.defaultPort ? "" : ":" + port;
    return scheme.name().toLowerCase(Locale.ROOT) + "://" + bracketedHost() + colonPort + path;
  }

  private static URI uri(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("base_url '" + text + "': " + e.getReason(), e);
    }
  }

  private static Scheme scheme(String text, @Nullable String name) {
    if ("https".equalsIgnoreCase(name)) {
      return Scheme.HTTPS;
    }
    if ("http".equalsIgnoreCase(name)) {
      return Scheme.HTTP;
    }
    throw wrong(text, "https://… or, for loopback and private addresses, http://…");
  }

  private static String path(String text, @Nullable String raw) {
    String path = raw == null ? "" : raw;
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    if (!path.isEmpty() && !RequestTarget.isSafePath(path)) {
      throw wrong(text, "a path without dot segments");
    }
    return path;
  }

  private static IllegalArgumentException wrong(String text, String expected) {
    return new IllegalArgumentException("base_url '" + text + "': expected " + expected);
  }
}
