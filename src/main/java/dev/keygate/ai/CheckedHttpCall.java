package dev.keygate.ai;

import dev.keygate.exchange.WholeBody;
import dev.keygate.policy.action.HttpCall;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the requests of {@code http-request} on the connections that providers are called on, so
 * that the same rule says which addresses may be connected to ({@link AddressRule}). Safe for use
 * from any event loop.
 *
 * <p>A redirect is followed to the same host only, and never from {@code https} to {@code http}:
 * the policy's headers hold credentials that were meant for that host.
 */
public final class CheckedHttpCall implements HttpCall {
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final Set<Integer> KEEP_METHOD = Set.of(307, 308);

  private final Upstream upstream;

  public CheckedHttpCall(Upstream upstream) {
    this.upstream = upstream;
  }

  /** The limits that all hops of a request share. */
  private record Bounds(long deadline, int maxBytes, int redirectsLeft) {
    Bounds afterRedirect() {
      return new Bounds(deadline, maxBytes, redirectsLeft - 1);
    }
  }

  @Override
  public Future<Answer> send(Request request, int maxBytes) {
    long deadline = upstream.now() + request.timeout().toNanos();
    return ask(request, new Bounds(deadline, maxBytes, request.maxRedirects()));
  }

  private Future<Answer> ask(Request request, Bounds bounds) {
    URI uri;
    UpstreamRequest outgoing;
    try {
      uri = new URI(new URI(request.url()).toASCIIString());
      outgoing = outgoing(request, uri);
    } catch (URISyntaxException | IllegalArgumentException malformed) {
      return Future.failedFuture("the URL cannot be asked: " + malformed.getMessage());
    }
    long now = upstream.now();
    long left = Math.max(1, bounds.deadline() - now);
    Promise<AttemptResult> ended = Promise.promise();
    UpstreamCall call =
        upstream.call(outgoing, new Limits(left, bounds.deadline()), ended::complete);
    call.start(now);
    return ended
        .future()
        .compose(result ->
            switch (result) {
              case AttemptResult.Failed failed ->
                  Future.failedFuture(
                      uri.getHost() + " " + failed.cause().words() + ": " + failed.detail());
              case AttemptResult.Answered answered -> {
                String location = answered.headers().get("location");
                yield location != null
                        && request.maxRedirects() > 0
                        && REDIRECTS.contains(answered.status())
                    ? follow(request, uri, answered.status(), location, bounds)
                    : whole(answered, bounds).map(body -> answer(answered, body, call.address()));
              }
            });
  }

  private static UpstreamRequest outgoing(Request request, URI uri) {
    if (uri.getHost() == null) {
      throw new IllegalArgumentException("there is no host in it");
    }
    BaseUrl host = BaseUrl.parse(uri.getScheme() + "://" + uri.getRawAuthority());
    String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String target = uri.getRawQuery() == null ? path : path + '?' + uri.getRawQuery();
    if (!RequestTarget.isSafe(target)) {
      throw new IllegalArgumentException("a character that no request target may hold");
    }
    return new UpstreamRequest(
        host,
        HttpMethod.valueOf(request.method()),
        target,
        headers -> write(request.headers(), headers),
        request.body());
  }

  private static void write(MultiMap configured, MultiMap headers) {
    headers.addAll(configured);
    if (!headers.contains("user-agent")) {
      headers.set("user-agent", "keygate");
    }
  }

  private Future<Answer> follow(
      Request request, URI from, int status, String location, Bounds bounds) {
    if (bounds.redirectsLeft() == 0) {
      return Future.failedFuture("more than " + request.maxRedirects() + " redirects");
    }
    URI to = resolved(from, location);
    if (to == null || !isSameHost(from, to)) {
      return Future.failedFuture(
          "a redirect to another host or to http, where the request's headers must not go");
    }
    boolean isKept = KEEP_METHOD.contains(status);
    Request next =
        new Request(
            isKept ? request.method() : "GET",
            to.toString(),
            isKept ? request.headers() : withoutContent(request.headers()),
            isKept ? request.body() : Buffer.buffer(),
            request.timeout(),
            request.maxRedirects());
    return ask(next, bounds.afterRedirect());
  }

  private static @Nullable URI resolved(URI from, String location) {
    try {
      return from.resolve(new URI(location));
    } catch (URISyntaxException malformed) {
      return null;
    }
  }

  private static boolean isSameHost(URI from, URI to) {
    return to.getHost() != null
        && to.getHost().equalsIgnoreCase(from.getHost())
        && to.getPort() == from.getPort()
        && (to.getScheme().equalsIgnoreCase(from.getScheme())
            || to.getScheme().toLowerCase(Locale.ROOT).equals("https"));
  }

  private static MultiMap withoutContent(MultiMap headers) {
    return MultiMap.caseInsensitiveMultiMap()
        .addAll(headers)
        .remove("content-type")
        .remove("content-encoding");
  }

  private Future<Buffer> whole(AttemptResult.Answered answered, Bounds bounds) {
    return new WholeBody(answered.body(), bounds.maxBytes(), bytes -> true)
        .read(bounds.deadline() - upstream.now(), upstream.vertx());
  }

  private static Answer answer(AttemptResult.Answered answered, Buffer body, String address) {
    return new Answer(answered.status(), answered.headers(), body, address);
  }
}
