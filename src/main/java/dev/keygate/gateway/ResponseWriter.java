package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.Surface;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.streams.ReadStream;

/**
 * Writes one answer to the client, with back-pressure: a client that reads slowly slows the
 * provider, and one that goes away stops it. Belongs to the request's event loop.
 */
final class ResponseWriter {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence ERROR = HttpHeaders.createOptimized("x-keygate-error");
  private static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("www-authenticate");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer");

  private static final Refusal BROKEN =
      Refusal.of(ErrorCode.BROKEN_STREAM, "The provider broke off in the middle of its answer.");

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Runnable finished;
  private boolean isFinished;

  /**
   * @param finished called once, when nothing more will be written, whatever the reason
   */
  ResponseWriter(Exchange exchange, HttpServerRequest request, Runnable finished) {
    this.exchange = exchange;
    this.request = request;
    this.response = request.response();
    this.finished = finished;
  }

  void refuse(Refusal refusal) {
    Buffer body = ErrorBody.of(refusal, format(), exchange.requestId());
    response.setStatusCode(refusal.code().status());
    MultiMap headers = response.headers();
    headers.set(HttpHeaders.CONTENT_TYPE, JSON);
    headers.set(REQUEST_ID, exchange.requestId());
    headers.set(ERROR, refusal.code().code());
    if (refusal.code().status() == 401) {
      headers.set(WWW_AUTHENTICATE, BEARER);
    }
    if (refusal.retryAfterSeconds() > 0) {
      headers.set(HttpHeaders.RETRY_AFTER, Integer.toString(refusal.retryAfterSeconds()));
    }
    addAnswerHeaders(headers);
    if (!request.isEnded() && request.version() != HttpVersion.HTTP_2) {
      // What is left of the body is not worth reading; without it the connection has no next
      // request.
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      response.end(body).onComplete(sent -> closeAfterRefusal());
      return;
    }
    response.end(body).onComplete(sent -> finish());
  }

  /** Nobody will read an answer; one that comes all the same is stopped. */
  void clientGone() {
    finish();
  }

  void respond(Response answer) {
    if (isFinished) {
      if (answer.body() instanceof ResponseBody.Streamed streamed) {
        streamed.cancel().run();
      }
      return;
    }
    response.setStatusCode(answer.status());
    MultiMap headers = response.headers();
    headers.addAll(answer.headers());
    addAnswerHeaders(headers);
    headers.set(REQUEST_ID, exchange.requestId());
    boolean bodiless =
        request.method().equals(HttpMethod.HEAD)
            || answer.status() == 204
            || answer.status() == 304;
    switch (answer.body()) {
      case ResponseBody.Whole whole -> {
        response.exceptionHandler(failure -> finish());
        response.end(bodiless ? Buffer.buffer(0) : whole.bytes()).onComplete(sent -> finish());
      }
      case ResponseBody.Streamed streamed -> {
        if (bodiless) {
          streamed.cancel().run();
          response.end().onComplete(sent -> finish());
        } else {
          stream(streamed);
        }
      }
    }
  }

  /** The connection ends without an answer. */
  void close() {
    if (request.version() == HttpVersion.HTTP_2) {
      response.reset();
    } else {
      request.connection().close();
    }
    finish();
  }

  private void stream(ResponseBody.Streamed streamed) {
    if (streamed.length() >= 0) {
      response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(streamed.length()));
    } else {
      response.setChunked(true);
    }
    ReadStream<Buffer> source = streamed.source();
    response.exceptionHandler(failure -> abandon(streamed));
    response.closeHandler(closed -> abandon(streamed));
    source.exceptionHandler(failure -> broken(streamed));
    source.endHandler(end -> response.end().onComplete(sent -> finish()));
    source.handler(chunk -> {
      response.write(chunk);
      if (response.writeQueueFull()) {
        source.pause();
        response.drainHandler(drained -> source.resume());
      }
    });
    source.resume();
  }

  private void abandon(ResponseBody.Streamed streamed) {
    if (!isFinished) {
      streamed.cancel().run();
      finish();
    }
  }

  /** No failover any more: the client has read the beginning. It must not take this for the end. */
  private void broken(ResponseBody.Streamed streamed) {
    if (isFinished) {
      return;
    }
    streamed.cancel().run();
    if (isEventStream()) {
      response
          .write(ErrorBody.event(BROKEN, format(), exchange.requestId()))
          .onComplete(written -> close());
    } else {
      close();
    }
  }

  private void closeAfterRefusal() {
    request.connection().close();
    finish();
  }

  private void addAnswerHeaders(MultiMap headers) {
    MultiMap added = exchange.answerHeaders();
    if (added != null) {
      added.names().forEach(name -> headers.set(name, added.getAll(name)));
    }
  }

  private boolean isEventStream() {
    String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  private Format format() {
    Surface surface = exchange.surface();
    return surface == null ? Format.OPENAI : surface.format();
  }

  private void finish() {
    if (!isFinished) {
      isFinished = true;
      finished.run();
    }
  }
}
