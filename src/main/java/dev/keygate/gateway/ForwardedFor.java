package dev.keygate.gateway;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a request comes from when it comes through proxies that the operator trusts.
 *
 * <p>Each proxy adds to the right end of {@code X-Forwarded-For} the address that it was called
 * from. So the list is read from the right for as long as addresses are trusted ones, and the first
 * that is not is the client: what stands left of it, the client may have written itself. From
 * anybody else the header is never read. Shared by all event loops.
 */
final class ForwardedFor {
  /** The client's own address would be the proxy's, which may pass where no client may. */
  static final Refusal UNREADABLE =
      Refusal.of(
          ErrorCode.MALFORMED_REQUEST,
          "X-Forwarded-For must be a list of IP addresses, the last ones of known proxies.");

  private static final CharSequence NAME = HttpHeaders.createOptimized("x-forwarded-for");

  /** Proxies in a row; more is a loop. */
  private static final int MAX_PROXIES = 32;

  private final CidrSet trusted;

  /**
   * @param trusted addresses of proxies that say truly who called them
   */
  ForwardedFor(CidrSet trusted) {
    this.trusted = trusted;
  }

  /**
   * The address of the client, or null when a trusted proxy says something that is no address. A
   * trusted proxy that says nothing is the client itself.
   *
   * @param peer who made the connection
   */
  @Nullable InetAddress client(InetAddress peer, MultiMap headers) {
    if (trusted.isEmpty() || !trusted.contains(peer)) {
      return peer;
    }
    InetAddress client = peer;
    int proxies = 1;
    List<String> lines = headers.getAll(NAME);
    for (int line = lines.size() - 1; line >= 0; line--) {
      String list = lines.get(line);
      for (int end = list.length(); end >= 0; proxies++) {
        int comma = list.lastIndexOf(',', end - 1);
        client = address(list.substring(comma + 1, end).strip());
        if (client == null || !trusted.contains(client)) {
          return client;
        }
        if (proxies == MAX_PROXIES) {
          return null;
        }
        end = comma;
      }
    }
    return client;
  }

  /** An address, of which some proxies write the port as well; null when it is none. */
  private static @Nullable InetAddress address(String text) {
    String bare = text;
    int colon = text.lastIndexOf(':');
    int bracket = text.indexOf(']');
    if (text.startsWith("[") && bracket > 0) {
      boolean isEnd = bracket == text.length() - 1;
      if (!isEnd && !(colon == bracket + 1 && isPort(text, colon))) {
        return null;
      }
      bare = text.substring(1, bracket);
      if (bare.indexOf(':') < 0) {
        return null;
      }
    } else if (colon > 0 && text.indexOf(':') == colon && isPort(text, colon)) {
      bare = text.substring(0, colon);
    }
    try {
      return Cidr.address(bare);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  private static boolean isPort(String text, int colon) {
    int digits = text.length() - colon - 1;
    return digits >= 1
        && digits <= 5
        && text.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
  }
}
