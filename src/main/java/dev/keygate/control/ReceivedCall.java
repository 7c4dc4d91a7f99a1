package dev.keygate.control;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One call on the wire. Its body stays there, unread, until somebody who may send one asks for it
 * from a virtual thread; everything else happens on the event loop of its connection.
 */
final class ReceivedCall implements Request {
  static final int MAX_BODY = 1024 * 1024;

  /** How long what is left of a body may take to come after the reply. */
  private static final long LINGER_MILLIS = 2_000;

  private final HttpServerRequest request;
  private final Context context;
  private final Duration bodyTimeout;
  private final CompletableFuture<byte[]> body = new CompletableFuture<>();
  private Buffer read = Buffer.buffer();
  private long forgotten;

  /** Takes a request just received, on its event loop. */
  ReceivedCall(HttpServerRequest request, Context context, Duration bodyTimeout) {
    this.request = request;
    this.context = context;
    this.bodyTimeout = bodyTimeout;
    request.pause();
    request.exceptionHandler(body::completeExceptionally);
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    String path = request.path();
    return path == null || !path.startsWith("/") ? "/" : path;
  }

  @Override
  public String rawQuery() {
    String query = request.query();
    return query == null ? "" : query;
  }

  @Override
  public List<String> headers(String name) {
    return request.headers().getAll(name);
  }

  @Override
  public byte[] body() {
    if (declaredLength() > MAX_BODY) {
      throw tooLarge();
    }
    context.runOnContext(here -> {
      request.handler(this::take);
      request.endHandler(end -> body.complete(read.getBytes()));
      request.resume();
    });
    try {
      return body.get(bodyTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw ApiError.of(
          ErrorCode.BODY_TIMEOUT,
          "The body did not come within " + bodyTimeout.toSeconds() + " s.");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ApiError.of(ErrorCode.BUSY, "Keygate is stopping.");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ApiError refused) {
        throw refused;
      }
      throw ApiError.of(ErrorCode.MALFORMED_BODY, "The body broke off.");
    }
  }

  /** Writes the reply, from any thread. */
  void reply(Reply reply) {
    context.runOnContext(here -> write(reply));
  }

  private void write(Reply reply) {
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return;
    }
    response.setStatusCode(reply.status());
    response.putHeader("x-content-type-options", "nosniff");
    response.putHeader("cache-control", "no-store");
    reply.headers().forEach(response::putHeader);
    boolean closes = isHttp1() && mayHaveBody() && !request.isEnded();
    if (closes) {
      response.putHeader("connection", "close");
    }
    response.end(reply.body()).onComplete(written -> forgetTheRest(closes));
  }

  /**
   * What was not read is taken and forgotten, so that its sender gets to read the reply; but only
   * so much of it, and on a connection of its own only for so long.
   */
  private void forgetTheRest(boolean closes) {
    if (request.isEnded()) {
      return;
    }
    read = Buffer.buffer();
    request.handler(this::forget);
    if (closes) {
      long timer = context.owner().setTimer(LINGER_MILLIS, late -> request.connection().close());
      request.endHandler(end -> {
        context.owner().cancelTimer(timer);
        request.connection().close();
      });
    }
    request.resume();
  }

  private void take(Buffer chunk) {
    if (body.isDone()) {
      return;
    }
    if (read.length() + chunk.length() > MAX_BODY) {
      read = Buffer.buffer();
      body.completeExceptionally(tooLarge());
      request.pause();
    } else {
      read.appendBuffer(chunk);
    }
  }

  private void forget(Buffer chunk) {
    forgotten += chunk.length();
    if (forgotten > MAX_BODY) {
      if (isHttp1()) {
        request.connection().close();
      } else {
        request.response().reset();
      }
    }
  }

  private boolean isHttp1() {
    return request.version() != HttpVersion.HTTP_2;
  }

  private boolean mayHaveBody() {
    return declaredLength() > 0 || request.headers().contains("transfer-encoding");
  }

  private long declaredLength() {
    String length = request.getHeader("content-length");
    // The codec has refused what is no number; more than 18 digits are too many in any case.
    return length == null ? 0 : length.length() > 18 ? Long.MAX_VALUE : Long.parseLong(length);
  }

  private static ApiError tooLarge() {
    return ApiError.of(ErrorCode.BODY_TOO_LARGE, "The body is larger than " + MAX_BODY + " bytes.");
  }
}
