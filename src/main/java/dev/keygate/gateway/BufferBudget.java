package dev.keygate.gateway;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory that bodies of requests under way may take together, so that many large uploads cannot
 * exhaust the process. Shared by all event loops.
 */
final class BufferBudget {
  private final AtomicLong free;

  BufferBudget(long bytes) {
    free = new AtomicLong(bytes);
  }

  /** Takes {@code bytes} out of the budget; false, and nothing taken, when they are not there. */
  boolean take(long bytes) {
    if (free.addAndGet(-bytes) >= 0) {
      return true;
    }
    free.addAndGet(bytes);
    return false;
  }

  void giveBack(long bytes) {
    free.addAndGet(bytes);
  }

  long free() {
    return free.get();
  }
}
