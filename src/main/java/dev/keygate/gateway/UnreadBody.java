package dev.keygate.gateway;

import io.vertx.core.http.HttpServerRequest;

/**
 * The body of a request that was answered before it was read. To close a socket with bytes in it
 * makes a reset, which can overtake the answer; so what is small is read and thrown away and the
 * connection goes on, and what may be large is read only until the client has had time to see the
 * answer. Belongs to the request's event loop.
 */
final class UnreadBody extends Deadlines.Deadline {
  private static final long SMALL = 64 * 1024;

  private final HttpServerRequest request;
  private final boolean endsConnection;

  private UnreadBody(HttpServerRequest request, boolean endsConnection) {
    this.request = request;
    this.endsConnection = endsConnection;
  }

  /** What is unread of an HTTP/1 request. */
  static UnreadBody of(HttpServerRequest request) {
    boolean isSmall = HeadRules.announcedBody(request) <= SMALL;
    boolean isChunked = request.headers().contains("transfer-encoding");
    // A client that waits for 100 may send its body or not: what comes next is not certain.
    return new UnreadBody(request, !isSmall || isChunked || HeadRules.expectsContinue(request));
  }

  /** Whether the answer has to say that the connection ends with it. */
  boolean endsConnection() {
    return endsConnection;
  }

  /** Throws away what comes, for as long as {@code lingering} bears it. */
  void discard(Deadlines lingering) {
    if (request.isEnded()) {
      end();
      return;
    }
    lingering.start(this);
    request.handler(chunk -> {});
    request.endHandler(nothing -> end());
    request.resume();
  }

  @Override
  void expired() {
    request.connection().close();
  }

  private void end() {
    stop();
    if (endsConnection) {
      request.connection().close();
    }
  }
}
