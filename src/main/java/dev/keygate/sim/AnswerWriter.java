package dev.keygate.sim;

import io.netty.channel.ChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.Iterator;

/**
 * Writes one answer to its client and does the faults to it. Owned by the connection's event loop.
 *
 * <p>A chunk, to the faults, is one server-sent event; an answer that is no stream has two: its
 * first and its second half.
 */
final class AnswerWriter {

  private static final int NEVER = -1;
  private static final int MISSING_BYTES = 64;

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Faults faults;
  private int written;
  private boolean endedByFault;

  AnswerWriter(Vertx vertx, HttpServerRequest request, Faults faults) {
    this.vertx = vertx;
    this.request = request;
    response = request.response();
    this.faults = faults;
  }

  /** Whether the simulator itself broke the answer off, as against the client going away. */
  boolean endedByFault() {
    return endedByFault;
  }

  void write(Answer answer) {
    int delay = faults.number(Fault.DELAY, 0);
    if (delay > 0) {
      vertx.setTimer(delay, _ -> begin(answer));
    } else {
      begin(answer);
    }
  }

  private void begin(Answer answer) {
    if (response.closed() || faults.has(Fault.STALL_HEADERS)) {
      return;
    }
    if (faults.has(Fault.RESET)) {
      reset();
      return;
    }
    switch (answer) {
      case Answer.Whole whole -> begin(whole);
      case Answer.Events events -> begin(events);
    }
  }

  private void begin(Answer.Whole whole) {
    response.setStatusCode(whole.status()).putHeader("content-type", whole.contentType());
    whole.headers().forEach(header -> response.putHeader(header.getKey(), header.getValue()));
    Buffer body = faults.has(Fault.MALFORMED) ? half(whole.body()) : whole.body();
    if (faults.has(Fault.BAD_LENGTH)) {
      writeTooShort(body);
    } else if (faults.has(Fault.CUT) || faults.has(Fault.STALL)) {
      writeHalf(body);
    } else {
      response.end(body);
    }
  }

  private static Buffer half(Buffer body) {
    return body.slice(0, body.length() / 2);
  }

  private void writeTooShort(Buffer body) {
    response.putHeader("content-length", Integer.toString(body.length() + MISSING_BYTES));
    response.write(body).onComplete(_ -> cut());
  }

  private void writeHalf(Buffer body) {
    response.putHeader("content-length", Integer.toString(body.length()));
    response
        .write(half(body))
        .onComplete(_ -> {
          if (faults.has(Fault.CUT)) {
            cut();
          }
        });
  }

  private void begin(Answer.Events events) {
    response.putHeader("content-type", "text/event-stream; charset=utf-8");
    response.putHeader("cache-control", "no-cache");
    if (faults.has(Fault.BAD_LENGTH)) {
      Buffer body = Buffer.buffer();
      events.frames().forEachRemaining(body::appendString);
      writeTooShort(body);
      return;
    }
    response.setChunked(true);
    response.writeHead();
    pump(events.frames());
  }

  /**
   * Writes events until the client is slower than we are, a fault says otherwise, or none is left.
   */
  private void pump(Iterator<String> frames) {
    while (!response.closed()) {
      if (written == faults.number(Fault.CUT, NEVER)) {
        response.write(Buffer.buffer()).onComplete(_ -> cut());
        return;
      }
      if (written == faults.number(Fault.STALL, NEVER)) {
        return;
      }
      if (!frames.hasNext()) {
        response.end();
        return;
      }
      response.write(broken(frames.next()));
      written++;
      if (faults.number(Fault.SLOW, 0) > 0) {
        vertx.setTimer(faults.number(Fault.SLOW, 0), _ -> pump(frames));
        return;
      }
      if (response.writeQueueFull()) {
        response.drainHandler(_ -> pump(frames));
        return;
      }
    }
  }

  /** With the malformed fault the third event is cut in half: the JSON in it does not end. */
  private String broken(String frame) {
    return faults.has(Fault.MALFORMED) && written == 2
        ? frame.substring(0, frame.length() / 2) + "\n\n"
        : frame;
  }

  private void cut() {
    endedByFault = true;
    request.connection().close();
  }

  /** Closes with nothing left to linger for: the client's kernel sees RST, not FIN. */
  private void reset() {
    endedByFault = true;
    HttpConnection connection = request.connection();
    if (connection instanceof ConnectionBase base) {
      base.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      var _ = base.channel().close();
    } else {
      connection.close();
    }
  }
}
