package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Cause;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.ai.translate.TokenUsage;
import dev.keygate.ai.translate.Translation;
import dev.keygate.ai.translate.UntranslatableException;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.exchange.WholeBody;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/** Turns a provider's answer into one of the client's API. One for each translated attempt. */
final class TranslatedAnswer {
  /** Bound on an answer that is not streamed: it is read whole. */
  private static final int MAX_ANSWER = 32 * 1024 * 1024;

  private final Translation translation;
  private final Vertx vertx;
  private final long unixSeconds;
  private final Exchange exchange;

  /**
   * For one attempt.
   *
   * @param exchange in which is noted what the provider counted, before the answer ends
   */
  TranslatedAnswer(Translation translation, Vertx vertx, long unixSeconds, Exchange exchange) {
    this.translation = translation;
    this.exchange = exchange;
    this.vertx = vertx;
    this.unixSeconds = unixSeconds;
  }

  /**
   * The result as the client's API has it; an answer that is none of the provider's API is a
   * failure of the provider.
   *
   * @param nanosLeft for the whole of an answer that is not streamed
   */
  Future<AttemptResult> of(AttemptResult result, long nanosLeft) {
    if (!(result instanceof Answered answered)) {
      return Future.succeededFuture(result);
    }
    String encoding = answered.headers().get(HttpHeaderNames.CONTENT_ENCODING);
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      body(answered).giveUp("nobody reads it");
      return failed("an encoded answer, which was not asked for");
    }
    boolean isEvents = isEventStream(answered.headers());
    if (isEvents && answered.status() < 300 && answered.body() instanceof ResponseBody.Streamed s) {
      TranslatedBody body = new TranslatedBody(s, translation.stream(unixSeconds), this::note);
      return done(
          answered,
          "text/event-stream; charset=utf-8",
          new ResponseBody.Streamed(body, -1, s.cancel()));
    }
    WholeBody body = body(answered);
    exchange.onAbandon(() -> body.giveUp("the client went away"));
    return body.read(nanosLeft, vertx)
        .compose(whole -> whole(answered, whole.getBytes()), this::unread);
  }

  private WholeBody body(Answered answered) {
    return new WholeBody(answered.body(), MAX_ANSWER, exchange.bodyRoom());
  }

  private Future<AttemptResult> unread(Throwable why) {
    if (exchange.isAbandoned()) {
      return Future.succeededFuture(new Failed(Cause.CANCELLED, ""));
    }
    return why instanceof WholeBody.NoRoomException
        ? Future.succeededFuture(new Failed(Cause.NO_ROOM, ""))
        : failed("in the answer: " + why.getMessage());
  }

  private void note(TokenUsage usage) {
    TokenCount.measured(usage).noteIn(exchange);
  }

  private Future<AttemptResult> whole(Answered answered, byte[] bytes) {
    int status = answered.status();
    try {
      byte[] body = status < 300 ? success(bytes) : translation.error(status, bytes);
      return done(answered, "application/json", new ResponseBody.Whole(Buffer.buffer(body)));
    } catch (UntranslatableException e) {
      return failed("an answer that cannot be translated: " + e.getMessage());
    }
  }

  private byte[] success(byte[] bytes) throws UntranslatableException {
    Translation.Answer answer = translation.answer(bytes, unixSeconds);
    note(answer.usage());
    return answer.body();
  }

  private Future<AttemptResult> done(Answered answered, String type, ResponseBody body) {
    MultiMap headers = answered.headers();
    headers.set(HttpHeaderNames.CONTENT_TYPE, type);
    if (!translation.dropped().isEmpty()) {
      headers.set(Translation.DROPPED_HEADER, String.join(", ", translation.dropped()));
    }
    int status =
        answered.status() < 300 ? answered.status() : translation.errorStatus(answered.status());
    return Future.succeededFuture(new Answered(status, headers, body));
  }

  private static Future<AttemptResult> failed(String detail) {
    return Future.succeededFuture(new Failed(Cause.BROKEN, detail));
  }

  private static boolean isEventStream(MultiMap headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE);
    return type != null && type.startsWith("text/event-stream");
  }
}
