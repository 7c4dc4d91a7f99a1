package dev.keygate.exchange;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** What follows the head of an answer. */
public sealed interface ResponseBody {

  /** All of it, already here. Empty is a body of no bytes. */
  record Whole(Buffer bytes) implements ResponseBody {}

  /**
   * Bytes that arrive as the provider sends them. The source is paused until whoever writes the
   * answer sets handlers and resumes it; an exception from it means that the provider broke off.
   *
   * @param length what the provider's {@code content-length} promised, or -1
   * @param cancel called when nobody will read on: it stops the provider. Without effect once the
   *     source has ended
   */
  record Streamed(ReadStream<Buffer> source, long length, Runnable cancel)
      implements ResponseBody {}

  ResponseBody EMPTY = new Whole(Buffer.buffer());
}
