package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes one answer to the client. Belongs to the request's event loop. Tells {@link Ending} once
 * that nothing more will be written, whatever the reason; a client that does not read is one.
 */
final class ResponseWriter extends Delivery {
  private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
  private static final CharSequence ERROR = HttpHeaders.createOptimized("x-keygate-error");
  private static final CharSequence WWW_AUTHENTICATE =
      HttpHeaders.createOptimized("www-authenticate");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence BEARER = HttpHeaders.createOptimized("Bearer");

  /** RFC 9113 section 7: the stream was given up, through no fault of the client. */
  private static final long NO_ERROR = 0;

  private static final long INTERNAL_ERROR = 2;
  private static final long CANCEL = 8;

  private static final long SMALL_BODY = 64 * 1024;

  /** Bytes of one write: as little as a client must take in time to count as reading. */
  private static final int PIECE = 64 * 1024;

  private final Exchange exchange;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Ending ending;
  private final boolean isHttp2;
  private @Nullable StreamCopy stream;
  private boolean isFinished;

  /** What the writer tells and asks. */
  interface Ending {
    /** The first byte is on its way. */
    void begun();

    /** Nothing more will be written. */
    void finished();

    /** Closes the connection without waiting for what is still to be written. */
    void cut();

    /** Whether this connection is to take no further request. */
    boolean isLast();

    /** Nothing that the client sends after this request is looked at. */
    void takeNoMore();

    /** How long a client may go without reading. */
    Deadlines stalled();
  }

  ResponseWriter(Exchange exchange, HttpServerRequest request, Ending ending) {
    this.exchange = exchange;
    this.request = request;
    this.response = request.response();
    this.ending = ending;
    this.isHttp2 = request.version() == HttpVersion.HTTP_2;
  }

  void refuse(Refusal refusal) {
    if (isFinished) {
      return;
    }
    response.setStatusCode(refusal.code().status());
    MultiMap headers = response.headers();
    headers.clear(); // an answer that failed half way may have left some
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
    ending.begun();
    Buffer body = ErrorBody.of(refusal, exchange.format(), exchange.requestId());
    if (isHttp2) {
      refuseStream(body);
    } else {
      refuseHttp1(body, refusal.code());
    }
  }

  private void addAnswerHeaders(MultiMap headers) {
    List<Exchange.AnswerHeader> added = exchange.answerHeaders();
    for (int i = 0; i < added.size(); i++) {
      headers.remove(added.get(i).name());
    }
    for (int i = 0; i < added.size(); i++) {
      headers.add(added.get(i).name(), added.get(i).value());
    }
  }

  private void refuseStream(Buffer body) {
    last(
        response.end(body),
        () -> {
          if (!request.isEnded()) {
            response.reset(NO_ERROR); // the client need not send the rest (RFC 9113 section 8.1)
          }
        });
  }

  private void refuseHttp1(Buffer body, ErrorCode code) {
    boolean isLast = ending.isLast() || isUnreadable(code) || !isReadCheaply();
    if (isLast) {
      response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      ending.takeNoMore();
    } else if (!request.isEnded()) {
      request.handler(chunk -> {});
      request.resume();
    }
    last(
        response.end(body),
        () -> {
          if (isLast) {
            request.connection().close();
          }
        });
  }

  /** What follows such a request was perhaps not meant as a request. */
  private static boolean isUnreadable(ErrorCode code) {
    return switch (code) {
      case MALFORMED_REQUEST, HEADERS_TOO_LARGE, REQUEST_TIMEOUT -> true;
      default -> false;
    };
  }

  /**
   * Whether what is unread of the request is so little that it is read and thrown away, and the
   * connection goes on. A client that waits for 100 may send its body or not: what comes next is
   * not certain.
   */
  private boolean isReadCheaply() {
    return request.isEnded()
        || (!request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
            && HeadRules.announcedBody(request) <= SMALL_BODY
            && !HeadRules.expectsContinue(request));
  }

  boolean isFinished() {
    return isFinished;
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
    answer.headers().forEach((name, value) -> headers.add(name, value)); // addAll makes a list
    addAnswerHeaders(headers);
    headers.set(REQUEST_ID, exchange.requestId());
    // Framing is this class's business, whatever the answer's headers say of it.
    headers.remove(HttpHeaders.TRANSFER_ENCODING);
    headers.remove(HttpHeaders.CONNECTION);
    if (!isHttp2 && ending.isLast()) {
      headers.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    boolean isBodiless =
        request.method().equals(HttpMethod.HEAD)
            || answer.status() == 204
            || answer.status() == 304;
    if (answer.body() instanceof ResponseBody.Whole whole) {
      respondWhole(answer, whole.bytes(), isBodiless);
      return;
    }
    ResponseBody.Streamed streamed = (ResponseBody.Streamed) answer.body();
    if (isBodiless) {
      streamed.cancel().run();
      endWithoutBody(answer);
    } else {
      stream(streamed);
    }
  }

  private void respondWhole(Response answer, Buffer bytes, boolean isBodiless) {
    ending.begun();
    if (isBodiless) {
      if (!answer.headers().contains(HttpHeaders.CONTENT_LENGTH) && bytes.length() > 0) {
        response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
      }
      endWithoutBody(answer);
      return;
    }
    response.headers().set(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.length()));
    if (bytes.length() > PIECE) {
      write(bytes);
      last(response.end());
    } else {
      last(response.end(bytes));
    }
  }

  private void endWithoutBody(Response answer) {
    if (answer.status() == 204) {
      // Vert.x adds a Content-Length at the last moment, which a 204 must not have (RFC 9110
      // section 8.6).
      response.headersEndHandler(now -> response.headers().remove(HttpHeaders.CONTENT_LENGTH));
    }
    last(response.end());
  }

  private void write(Buffer bytes) {
    int length = bytes.length();
    if (length <= PIECE) {
      watched(response.write(bytes));
      return;
    }
    for (int at = 0; at < length; at += PIECE) {
      watched(response.write(bytes.slice(at, Math.min(at + PIECE, length))));
    }
  }

  private Future<Void> watched(Future<Void> write) {
    watch(write, ending.stalled());
    return write;
  }

  private void last(Future<Void> write) {
    watchLast(write, ending.stalled());
    write.onComplete(sent -> finish());
  }

  private void last(Future<Void> write, Runnable then) {
    watchLast(write, ending.stalled());
    write.onComplete(sent -> {
      then.run();
      finish();
    });
  }

  private void stream(ResponseBody.Streamed streamed) {
    if (streamed.length() >= 0) {
      response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(streamed.length()));
    } else {
      response.headers().remove(HttpHeaders.CONTENT_LENGTH);
      if (request.version() == HttpVersion.HTTP_1_0) {
        // Only the connection's end tells the body's; Vert.x would promise to keep it.
        response.headersEndHandler(
            now -> response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE));
      } else {
        response.setChunked(true);
      }
    }
    stream = new StreamCopy(response, streamed, ending, new Copied());
    stream.start();
  }

  /** What becomes of a streamed answer. */
  private final class Copied implements StreamCopy.Listener {
    @Override
    public void arrived(Buffer chunk) {
      write(chunk);
    }

    @Override
    public void ended() {
      boolean untilClose = request.version() == HttpVersion.HTTP_1_0 && !hasLength();
      last(
          response.end(),
          () -> {
            if (untilClose) {
              request.connection().close();
            }
          });
    }

    @Override
    public void broken() {
      if (isEventStream() && !hasLength()) {
        Buffer event = ErrorBody.event(StreamCopy.BROKEN, exchange.format(), exchange.requestId());
        watched(response.write(event)).onComplete(written -> close());
      } else {
        close();
      }
    }

    @Override
    public void abandoned() {
      finish();
    }
  }

  /** The client is there and does not read. */
  @Override
  void expired() {
    if (stream != null) {
      stream.abandon();
    }
    finish(); // before the writes fail that were waited for
    if (isHttp2) {
      resetStream();
    } else {
      ending.cut();
    }
  }

  /**
   * Vert.x resets no stream whose last bytes it has handed on, even while they wait for the
   * client's window.
   */
  private void resetStream() {
    Channel channel = ((ConnectionBase) request.connection()).channel();
    ChannelHandlerContext http2 = channel.pipeline().context(Http2ConnectionHandler.class);
    if (http2 != null && http2.handler() instanceof Http2ConnectionHandler handler) {
      var _ = handler.resetStream(http2, response.streamId(), CANCEL, http2.newPromise());
      http2.flush();
    }
  }

  /** The connection ends without an answer, or in the middle of one so that it shows. */
  void close() {
    if (isFinished) {
      return;
    }
    if (isHttp2) {
      response.reset(INTERNAL_ERROR);
    } else {
      if (response.headWritten() && !hasLength() && !response.isChunked()) {
        // Here an orderly end would look like the end of the body.
        ((ConnectionBase) request.connection())
            .channel()
            .config()
            .setOption(ChannelOption.SO_LINGER, 0);
      }
      request.connection().close();
    }
    finish();
  }

  private boolean hasLength() {
    return response.headers().contains(HttpHeaders.CONTENT_LENGTH);
  }

  private boolean isEventStream() {
    String type = response.headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }

  private void finish() {
    if (!isFinished) {
      isFinished = true;
      stop();
      ending.finished();
    }
  }
}
