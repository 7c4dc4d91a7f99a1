package dev.keygate.policy.action;

import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.expression.EvaluationException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;

/** Reads a streamed answer to its end. */
final class WholeBody {
  private WholeBody() {}

  /**
   * All of the stream's bytes.
   *
   * @return fails with an {@link EvaluationException} when there are more than {@link
   *     Codings#MAX_BYTES}, or when the provider broke off
   */
  static Future<Buffer> of(ResponseBody.Streamed body) {
    Promise<Buffer> whole = Promise.promise();
    Buffer read = Buffer.buffer();
    body.source()
        .exceptionHandler(
            broken -> whole.tryFail(new EvaluationException("the provider's answer broke off")))
        .endHandler(ended -> whole.tryComplete(read))
        .handler(chunk -> {
          if (whole.future().isComplete()) {
            return;
          }
          read.appendBuffer(chunk);
          if (read.length() > Codings.MAX_BYTES) {
            whole.tryFail(
                new EvaluationException("an answer of more than " + Codings.MAX_BYTES + " bytes"));
          }
        });
    body.source().resume();
    return whole.future();
  }
}
