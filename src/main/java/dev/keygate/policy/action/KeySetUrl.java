package dev.keygate.policy.action;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;

/** Where an issuer publishes its keys: encrypted, unless that is on this machine. */
public record KeySetUrl(String text) {

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException if keys may not be fetched from there
   */
  public static KeySetUrl parse(String text) {
    if (!isFetchable(text)) {
      throw new IllegalArgumentException("expected https://…, or http://… to a loopback address");
    }
    return new KeySetUrl(text);
  }

  private static boolean isFetchable(String text) {
    try {
      URI uri = new URI(text);
      String host = uri.getHost();
      return host != null
          && uri.getRawUserInfo() == null
          && uri.getRawFragment() == null
          && ("https".equalsIgnoreCase(uri.getScheme())
              || ("http".equalsIgnoreCase(uri.getScheme()) && isLoopback(host)));
    } catch (URISyntaxException malformed) {
      return false;
    }
  }

  private static boolean isLoopback(String host) {
    try {
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(bare).isLoopbackAddress();
    } catch (IllegalArgumentException name) {
      return false;
    }
  }
}
