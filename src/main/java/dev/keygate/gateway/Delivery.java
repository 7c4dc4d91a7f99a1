package dev.keygate.gateway;

import io.vertx.core.Future;

/**
 * What is written to a client and not taken yet, by its socket or within its HTTP/2 window. A
 * client that takes none of it for too long has stopped reading; one that takes some now and then
 * is only slow. Belongs to the request's event loop.
 */
abstract class Delivery extends Deadlines.Deadline {
  private int untaken;

  /** One more write. */
  final void watch(Future<Void> write, Deadlines patience) {
    if (!write.isComplete()) {
      await(patience);
      write.onComplete(taken -> taken(patience));
    }
  }

  /** The last write, after which whoever made it stops the wait. */
  final void watchLast(Future<Void> write, Deadlines patience) {
    if (!write.isComplete()) {
      await(patience);
    }
  }

  private void await(Deadlines patience) {
    if (untaken++ == 0) {
      patience.start(this);
    }
  }

  private void taken(Deadlines patience) {
    if (--untaken == 0) {
      stop();
    } else if (isRunning()) {
      patience.start(this);
    }
  }
}
