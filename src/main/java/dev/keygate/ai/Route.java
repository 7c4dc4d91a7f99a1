package dev.keygate.ai;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * The addresses at which a provider's host may be connected to, as one event loop found them.
 * Connections are made to exactly these, with the host's name in SNI and {@code Host}.
 *
 * <p>Requests stay with one address while it works, so that its connections are reused; a failed
 * connection moves them to the next.
 */
final class Route {
  private final List<InetAddress> addresses;
  private final RequestOptions[] options;
  private final long usableUntil;
  private long freshUntil;
  private int preferred;
  private boolean isAskedFor;

  /**
   * @param addresses those that {@link AddressRule} allows
   * @param freshUntil when the name should be looked up again, by {@link System#nanoTime}
   * @param usableUntil when an answer this old is no longer used, should looking up fail
   */
  Route(BaseUrl baseUrl, List<InetAddress> addresses, long freshUntil, long usableUntil) {
    this.addresses = List.copyOf(addresses);
    this.freshUntil = freshUntil;
    this.usableUntil = usableUntil;
    this.options =
        addresses.stream().map(address -> options(baseUrl, address)).toArray(RequestOptions[]::new);
  }

  /** Somebody wants to go this way. */
  void askFor() {
    isAskedFor = true;
  }

  /** Whether somebody asked, and it is time to look whether it is still the right way. */
  boolean isDue(long now) {
    return isAskedFor && now - freshUntil >= 0;
  }

  /** It is being looked at: not before then is it time again, and only if somebody asks. */
  void lookAgainAt(long then) {
    freshUntil = then;
    isAskedFor = false;
  }

  boolean isUsable(long now) {
    return now - usableUntil < 0;
  }

  /** How many addresses there are; none when the rule allows none. */
  int size() {
    return addresses.size();
  }

  /** Stays with what {@code earlier} preferred, if it is still there. */
  void prefer(Route earlier) {
    if (earlier.size() > 0) {
      preferred = Math.max(0, addresses.indexOf(earlier.addresses.get(earlier.preferred)));
    }
  }

  /** Connecting failed: the next request tries the next address. */
  void moveOn() {
    preferred = (preferred + 1) % addresses.size();
  }

  /**
   * Options for one request, which the client reads before it returns; they are used again for the
   * next.
   */
  RequestOptions options(HttpMethod method, String target) {
    return options[preferred].setMethod(method).setURI(target);
  }

  private static RequestOptions options(BaseUrl baseUrl, InetAddress address) {
    return new RequestOptions()
        .setServer(SocketAddress.inetSocketAddress(new InetSocketAddress(address, baseUrl.port())))
        .setHost(baseUrl.bracketedHost())
        .setPort(baseUrl.port())
        .setSsl(baseUrl.isTls())
        .setFollowRedirects(false);
  }
}
