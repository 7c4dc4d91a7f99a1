package dev.keygate.endpoint;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The URL of an endpoint taken apart: {@code https://ai.example.com}, {@code
 * http://localhost:8080}, {@code https://*.example.com}. It names hosts and nothing below them.
 *
 * @param scheme {@code http} or {@code https}
 * @param host lower case; starts with {@code *.} when it stands for every name below
 * @param port as written, or 0 when the URL names none
 */
public record EndpointUrl(String scheme, String host, int port) {
  private static final int MAX_LENGTH = 512;

  /**
   * A name of up to 253 characters in labels of letters, digits and hyphens; or an IPv6 literal.
   */
  private static final Pattern SHAPE =
      Pattern.compile(
          "(https?)://((?:\\*\\.)?[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?){0,30}"
              + "|\\[[0-9a-f:.]{2,45}])(?::([0-9]{1,5}))?/?");

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what is wrong and what would be right
   */
  public static EndpointUrl parse(String url) {
    Matcher parts = SHAPE.matcher(url.length() <= MAX_LENGTH ? url.toLowerCase(Locale.ROOT) : "");
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "expected a scheme and a host, such as https://ai.example.com, https://*.example.com or"
              + " http://localhost:8080, without path, query or user name");
    }
    int port = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    if (parts.group(3) != null && (port < 1 || port > 65_535)) {
      throw new IllegalArgumentException("port " + parts.group(3) + ", expected 1 to 65535");
    }
    return new EndpointUrl(parts.group(1), parts.group(2), port);
  }

  /** The port that requests arrive on: the one written, or the scheme's. */
  public int effectivePort() {
    if (port != 0) {
      return port;
    }
    return scheme.equals("https") ? 443 : 80;
  }

  /** Which {@code Host} headers the endpoint answers for. */
  public HostPattern hostPattern() {
    boolean wildcard = host.startsWith("*.");
    return new HostPattern(wildcard ? host.substring(2) : host, wildcard, port);
  }

  /** The URL in the one form it is stored and compared in. */
  @Override
  public String toString() {
    return scheme + "://" + host + (port == 0 ? "" : ":" + port);
  }
}
