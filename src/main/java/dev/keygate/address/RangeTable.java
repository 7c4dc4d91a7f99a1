package dev.keygate.address;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Ranges of one address family, laid out flat for a binary search.
 *
 * <p>Two ranges are either apart or one is inside the other. So the line of all addresses falls
 * into stretches in each of which the same range is the narrowest. Row {@code i} says that from
 * address {@code (high[i], low[i])} on, up to the next row, that range is {@code owner[i]}, or none
 * where it is null. A lookup finds the last row that does not lie behind the address. Nothing is
 * allocated, and neither depth nor nesting of the ranges matters.
 */
final class RangeTable {
  /** Outer ranges before those inside them. */
  private static final Comparator<Cidr> ORDER =
      ((Comparator<Cidr>) (one, other) -> Long.compareUnsigned(one.high(), other.high()))
          .thenComparing((one, other) -> Long.compareUnsigned(one.low(), other.low()))
          .thenComparingInt(Cidr::prefix);

  private long[] high;
  private long[] low;
  private @Nullable Cidr[] owner;
  private int rows;

  private RangeTable(int ranges) {
    // Each range begins one stretch and gives way to another where it ends.
    this.high = new long[2 * ranges];
    this.low = new long[2 * ranges];
    this.owner = new @Nullable Cidr[2 * ranges];
  }

  static RangeTable of(Stream<Cidr> unordered) {
    List<Cidr> ranges = unordered.sorted(ORDER).distinct().toList();
    RangeTable table = new RangeTable(ranges.size());
    Deque<Cidr> open = new ArrayDeque<>();
    for (Cidr range : ranges) {
      while (!open.isEmpty() && endsBefore(open.element(), range)) {
        table.close(open);
      }
      open.push(range);
      table.row(range.high(), range.low(), range);
    }
    while (!open.isEmpty()) {
      table.close(open);
    }
    return table.trimmed();
  }

  boolean isEmpty() {
    return rows == 0;
  }

  /** The narrowest range that holds an address, or null. */
  @Nullable Cidr find(long addressHigh, long addressLow) {
    int from = 0;
    int to = rows;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (compare(high[middle], low[middle], addressHigh, addressLow) <= 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from == 0 ? null : owner[from - 1];
  }

  private static boolean endsBefore(Cidr range, Cidr next) {
    return compare(range.lastHigh(), range.lastLow(), next.high(), next.low()) < 0;
  }

  private static int compare(long oneHigh, long oneLow, long otherHigh, long otherLow) {
    int byHigh = Long.compareUnsigned(oneHigh, otherHigh);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(oneLow, otherLow);
  }

  /** The innermost range ends; behind its last address the one around it goes on. */
  private void close(Deque<Cidr> open) {
    Cidr ended = open.pop();
    long nextLow = ended.lastLow() + 1;
    long nextHigh = ended.lastHigh() + (nextLow == 0 ? 1 : 0);
    if (nextHigh != 0 || nextLow != 0) {
      row(nextHigh, nextLow, open.peek());
    }
  }

  /** A stretch of no addresses gives its row to the one that begins at the same place. */
  private void row(long atHigh, long atLow, @Nullable Cidr narrowest) {
    if (rows == 0 || high[rows - 1] != atHigh || low[rows - 1] != atLow) {
      rows++;
    }
    high[rows - 1] = atHigh;
    low[rows - 1] = atLow;
    owner[rows - 1] = narrowest;
  }

  private RangeTable trimmed() {
    high = Arrays.copyOf(high, rows);
    low = Arrays.copyOf(low, rows);
    owner = Arrays.copyOf(owner, rows);
    return this;
  }
}
