package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Cause;
import dev.keygate.exchange.ResponseBody;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way to a provider, from looking up the address to the answer's head; the body
 * that follows is an {@link UpstreamBody}. Belongs to one event loop.
 *
 * <p>It ends once, and as late as it pays off: an answer is handed on when its first byte of body
 * is there, since until then the next attempt is still possible. Errors, and answers short enough,
 * are handed on whole.
 *
 * <p>A connection that had carried requests before may have been closed by the provider just as
 * this one was sent. Such a request is sent once more, on another connection, within the same
 * attempt, if the head of an answer had not come: the provider closed an idle connection, it did
 * not fail a request.
 */
final class UpstreamCall extends StallWatch.Watched {
  /** An answer of at most this length is taken whole: one write, and failover if it breaks. */
  static final int SHORT_ANSWER = 64 * 1024;

  /** Bound on what is kept of an error's body. */
  static final int MAX_ERROR_BODY = 1024 * 1024;

  /** How many of a host's addresses are tried before it counts as unreachable. */
  private static final int MAX_ADDRESSES = 3;

  private final UpstreamLoop loop;
  private final UpstreamRequest request;
  private final Limits limits;
  private final WhenEnded whenEnded;
  private boolean ended;
  private boolean isReused;
  private boolean isSentAgain;
  private int addressesTried;
  private @Nullable HttpClientRequest sent;
  private @Nullable UpstreamBody streamed;
  private @Nullable Buffer collected;

  /** Told once how the attempt ended, perhaps while it is started or cancelled. */
  interface WhenEnded {
    void with(AttemptResult result);
  }

  UpstreamCall(UpstreamLoop loop, UpstreamRequest request, Limits limits, WhenEnded whenEnded) {
    this.loop = loop;
    this.request = request;
    this.limits = limits;
    this.whenEnded = whenEnded;
  }

  /**
   * Sends the request, unless it was cancelled before.
   *
   * @param now by the upstream's clock
   */
  void start(long now) {
    if (ended) {
      return;
    }
    activeAt(now);
    loop.watch().enter(this);
    Route route = loop.routes().known(request.baseUrl(), now);
    if (route != null) {
      connect(route);
      return;
    }
    loop.routes()
        .lookUp(request.baseUrl())
        .onComplete(found -> {
          if (found.succeeded()) {
            connect(found.result());
          } else {
            String host = request.baseUrl().host();
            fail(Cause.UNREACHABLE, "looking up " + host + ": " + found.cause());
          }
        });
  }

  /** The address that was connected to; empty before it was. */
  String address() {
    HttpClientRequest opened = sent;
    SocketAddress remote = opened == null ? null : opened.connection().remoteAddress();
    String address = remote == null ? null : remote.hostAddress();
    return address == null ? "" : address;
  }

  /** Stops it, wherever it is, the answer's body included; the provider is told by a reset. */
  void cancel() {
    UpstreamBody body = streamed;
    if (body == null) {
      fail(Cause.CANCELLED, "");
    } else {
      body.cancel();
    }
  }

  @Override
  void check(long now) {
    if (now - limits.deadline() >= 0) {
      fail(Cause.TOTAL_TIMEOUT, "total_timeout");
    } else if (idleNanos(now) >= limits.perRequestNanos()) {
      fail(Cause.TIMEOUT, "per_request_timeout");
    }
  }

  private void connect(Route route) {
    if (ended) {
      return;
    }
    if (route.size() == 0) {
      fail(
          Cause.UNREACHABLE,
          "no address of " + request.baseUrl().host() + " is one that may be connected to");
      return;
    }
    loop.open(request, route)
        .onComplete(opened -> {
          if (opened.succeeded()) {
            send(opened.result(), route);
          } else {
            notConnected(route, opened.cause());
          }
        });
  }

  private void notConnected(Route route, Throwable failure) {
    route.moveOn();
    addressesTried++;
    if (addressesTried < Math.min(route.size(), MAX_ADDRESSES)) {
      connect(route);
    } else {
      fail(Cause.UNREACHABLE, "connecting to " + request.baseUrl() + ": " + failure);
    }
  }

  private void send(HttpClientRequest opened, Route route) {
    if (ended) {
      opened.exceptionHandler(known -> {});
      opened.reset();
      return;
    }
    sent = opened;
    isReused = !loop.isFirstUse(opened.connection());
    opened
        .response()
        .onComplete(response -> {
          if (response.succeeded()) {
            begin(opened, response.result());
          } else {
            broken(route, response.cause());
          }
        });
    try {
      request.headers().accept(opened.headers());
    } catch (IllegalArgumentException illegal) {
      // Its message is not told: it holds the value, which may be a key.
      opened.exceptionHandler(known -> {});
      fail(Cause.BROKEN, "a header's value is none that can be sent");
      return;
    }
    if (request.body().length() == 0 && !needsLength(request.method())) {
      opened.end();
    } else {
      opened.end(request.body());
    }
  }

  /** Methods whose requests say how long they are even when they are empty (RFC 9110, 8.6). */
  private static boolean needsLength(HttpMethod method) {
    return method.equals(HttpMethod.POST)
        || method.equals(HttpMethod.PUT)
        || method.equals(HttpMethod.PATCH);
  }

  private void broken(Route route, Throwable failure) {
    boolean isClosed = failure instanceof HttpClosedException || failure instanceof IOException;
    if (isReused && isClosed && !isSentAgain && !ended) {
      isSentAgain = true;
      sent = null;
      connect(route);
    } else {
      fail(Cause.BROKEN, "before the answer: " + failure);
    }
  }

  private void begin(HttpClientRequest opened, HttpClientResponse response) {
    if (ended) {
      opened.reset();
      return;
    }
    active();
    int status = response.statusCode();
    response.exceptionHandler(failure -> fail(Cause.BROKEN, "in the answer: " + failure));
    if (status < 200) {
      fail(Cause.BROKEN, "status " + status + " is no answer");
      return;
    }
    MultiMap headers = response.headers();
    long length = length(headers);
    boolean isEvents = isEventStream(headers);
    ResponseHeaders.clean(headers);
    if (hasNoBody(status, length)) {
      response.endHandler(end -> {});
      succeed(new AttemptResult.Answered(status, headers, ResponseBody.EMPTY));
    } else if (status >= 300 || (length >= 0 && length <= SHORT_ANSWER && !isEvents)) {
      collect(response, status, headers);
    } else {
      awaitFirstByte(opened, response, length);
    }
  }

  private void collect(HttpClientResponse response, int status, MultiMap headers) {
    response.handler(chunk -> {
      if (!ended) {
        active();
        add(chunk);
      }
    });
    response.endHandler(end -> {
      ResponseBody body =
          collected == null ? ResponseBody.EMPTY : new ResponseBody.Whole(collected);
      succeed(new AttemptResult.Answered(status, headers, body));
    });
  }

  private void add(Buffer chunk) {
    Buffer before = collected;
    if (before == null) {
      collected = chunk;
    } else if (before.length() + chunk.length() > MAX_ERROR_BODY) {
      fail(Cause.BROKEN, "an error of more than " + MAX_ERROR_BODY + " bytes");
    } else {
      collected = before.appendBuffer(chunk);
    }
  }

  private void awaitFirstByte(HttpClientRequest opened, HttpClientResponse response, long length) {
    response.pause();
    response.handler(first -> {
      if (ended) {
        return;
      }
      UpstreamBody body =
          new UpstreamBody(loop.watch(), opened, response, first, limits.perRequestNanos());
      streamed = body;
      succeed(
          new AttemptResult.Answered(
              response.statusCode(),
              response.headers(),
              new ResponseBody.Streamed(body, length, body::cancel)));
    });
    response.endHandler(end ->
        succeed(
            new AttemptResult.Answered(
                response.statusCode(), response.headers(), ResponseBody.EMPTY)));
    response.fetch(1);
  }

  private void succeed(AttemptResult.Answered answered) {
    if (!ended) {
      ended = true;
      tell(answered);
    }
  }

  private void fail(Cause cause, String detail) {
    if (ended) {
      return;
    }
    ended = true;
    collected = null;
    if (sent != null) {
      sent.reset();
    }
    tell(new AttemptResult.Failed(cause, detail));
  }

  private void tell(AttemptResult result) {
    loop.watch().leave(this);
    whenEnded.with(result);
  }

  private boolean hasNoBody(int status, long length) {
    return length == 0
        || status == 204
        || status == 304
        || request.method().equals(HttpMethod.HEAD);
  }

  private static boolean isEventStream(MultiMap headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  private static long length(MultiMap headers) {
    String value = headers.get(HttpHeaderNames.CONTENT_LENGTH);
    if (value == null || value.isEmpty() || value.length() > 18) {
      return -1;
    }
    long length = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      length = length * 10 + (c - '0');
    }
    return length;
  }
}
