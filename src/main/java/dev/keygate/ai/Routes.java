package dev.keygate.ai;

import io.netty.util.NetUtil;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks up where providers are, and remembers it for a while. Belongs to one event loop.
 *
 * <p>An answer is looked up again after {@value #FRESH_SECONDS} s if it is still asked for, and
 * serves meanwhile, so that no request waits for DNS but the first, and an outage of DNS is
 * survived for {@value #USABLE_SECONDS} s, with a query every {@value #RETRY_SECONDS} s. Failures
 * are not remembered.
 */
final class Routes {
  private static final long FRESH_SECONDS = 30;
  private static final long USABLE_SECONDS = 600;
  private static final long RETRY_SECONDS = 1;

  /** Bound on the hosts remembered; beyond it all are looked up again. */
  private static final int MAX_ROUTES = 1000;

  private final Resolver resolver;
  private final LongSupplier nanoTime;
  private final Map<BaseUrl, Route> known = new HashMap<>();
  private final Map<BaseUrl, Future<Route>> underWay = new HashMap<>();

  /** Asks for the addresses of a host; answers on the event loop. */
  interface Resolver {
    io.netty.util.concurrent.Future<List<InetSocketAddress>> resolve(String host);
  }

  Routes(Resolver resolver, LongSupplier nanoTime) {
    this.resolver = resolver;
    this.nanoTime = nanoTime;
  }

  /**
   * The route if it is known, else null: then {@link #lookUp} finds it.
   *
   * @param now by the clock of all others here
   */
  @Nullable Route known(BaseUrl baseUrl, long now) {
    Route route = known.get(baseUrl);
    if (route == null || !route.isUsable(now)) {
      return null;
    }
    route.askFor();
    return route;
  }

  /**
   * Looks up again what it is time to; called now and then while there are requests. None of them
   * does so on its way: code that runs once in {@value #FRESH_SECONDS} s had the compiled path of
   * all others thrown away.
   */
  void refresh() {
    long now = nanoTime.getAsLong();
    List<BaseUrl> due = new ArrayList<>();
    known.forEach((baseUrl, route) -> {
      if (route.isDue(now)) {
        route.lookAgainAt(now + TimeUnit.SECONDS.toNanos(RETRY_SECONDS));
        due.add(baseUrl);
      }
    });
    due.forEach(this::lookUp);
  }

  /** Looks the host up; one query for all who ask meanwhile. */
  Future<Route> lookUp(BaseUrl baseUrl) {
    Future<Route> pending = underWay.get(baseUrl);
    if (pending != null) {
      return pending;
    }
    Promise<Route> found = Promise.promise();
    underWay.put(baseUrl, found.future());
    resolve(baseUrl.host())
        .onComplete(answer -> {
          underWay.remove(baseUrl);
          if (answer.succeeded()) {
            found.complete(remember(baseUrl, answer.result()));
          } else {
            found.fail(answer.cause());
          }
        });
    return found.future();
  }

  private Route remember(BaseUrl baseUrl, List<InetAddress> addresses) {
    List<InetAddress> allowed =
        addresses.stream().filter(a -> AddressRule.allows(a, baseUrl.scheme())).toList();
    long now = nanoTime.getAsLong();
    Route route =
        new Route(
            baseUrl,
            allowed,
            now + TimeUnit.SECONDS.toNanos(FRESH_SECONDS),
            now + TimeUnit.SECONDS.toNanos(USABLE_SECONDS));
    if (known.size() >= MAX_ROUTES) {
      known.clear();
    }
    Route earlier = known.put(baseUrl, route);
    if (earlier != null) {
      route.prefer(earlier);
    }
    return route;
  }

  private Future<List<InetAddress>> resolve(String host) {
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    if (literal != null) {
      return literal(literal);
    }
    Promise<List<InetAddress>> resolved = Promise.promise();
    resolver
        .resolve(host)
        .addListener((io.netty.util.concurrent.Future<List<InetSocketAddress>> answer) -> {
          if (answer.isSuccess()) {
            resolved.complete(addresses(answer.getNow()));
          } else {
            resolved.fail(answer.cause());
          }
        });
    return resolved.future();
  }

  private static Future<List<InetAddress>> literal(byte[] address) {
    try {
      return Future.succeededFuture(List.of(InetAddress.getByAddress(address)));
    } catch (UnknownHostException e) {
      return Future.failedFuture(e);
    }
  }

  private static List<InetAddress> addresses(List<InetSocketAddress> answers) {
    List<InetAddress> addresses = new ArrayList<>(answers.size());
    for (InetSocketAddress answer : answers) {
      InetAddress address = answer.getAddress();
      if (address != null && !addresses.contains(address)) {
        addresses.add(address);
      }
    }
    return addresses;
  }
}
