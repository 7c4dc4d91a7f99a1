package dev.keygate.usage;

/** Counts of durations in steps that grow by 2 to 2.5, and what they say of quantiles. */
public final class Histogram {
  /** The upper ends of the steps in milliseconds; the last step has none. */
  private static final long[] ENDS = {
    5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000, 200_000
  };

  /** How many steps there are. */
  public static final int STEPS = ENDS.length + 1;

  private Histogram() {}

  /** The step that counts a duration. */
  public static int step(long micros) {
    int step = 0;
    while (step < ENDS.length && micros > ENDS[step] * 1000) {
      step++;
    }
    return step;
  }

  /**
   * The duration that a part of those counted did not exceed, in milliseconds; within a step they
   * are taken as spread evenly. Zero where nothing was counted.
   *
   * @param part from 0 to 1
   */
  public static double quantile(long[] counts, double part) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    double left = all * part;
    for (int step = 0; step < counts.length; step++) {
      if (counts[step] > 0 && left <= counts[step]) {
        double from = step == 0 ? 0 : ENDS[step - 1];
        double to = step < ENDS.length ? ENDS[step] : from;
        return from + (to - from) * left / counts[step];
      }
      left -= counts[step];
    }
    return 0;
  }
}
