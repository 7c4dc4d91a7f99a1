package dev.keygate.control;

import java.util.List;

/** A call as it arrived; its body may not have arrived yet. */
interface Request {
  String method();

  /** Raw, starting with a slash. */
  String path();

  /** Without the question mark; empty for none. */
  String rawQuery();

  /** The values of a header, one for each line; empty for none. */
  List<String> headers(String name);

  /**
   * The whole body, read now and within its bounds; blocking, and once at most.
   *
   * @throws ApiError when it is too large or does not come
   */
  byte[] body();
}
