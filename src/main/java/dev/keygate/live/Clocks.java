package dev.keygate.live;

import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * How long ago something was, by the one of two clocks that says longer: a monotonic clock may
 * stand still while the machine is suspended, and a wall clock may be set back.
 */
public record Clocks(LongSupplier nanoTime, InstantSource wall) {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** One moment on both clocks. */
  public record Moment(long nanos, long millis) {}

  public Moment now() {
    return new Moment(nanoTime.getAsLong(), wall.millis());
  }

  /** Nanoseconds since then, never negative. */
  public long since(Moment then) {
    long monotonic = nanoTime.getAsLong() - then.nanos();
    long byWall = (wall.millis() - then.millis()) * NANOS_PER_MILLI;
    return Math.max(monotonic, byWall);
  }
}
