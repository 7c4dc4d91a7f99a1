package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What requests used, summed up by minute, hour and day. */
public interface UsageTable {
  /** How long a bucket is. */
  enum Span {
    /** Without key, provider and model. */
    MINUTE(60),
    HOUR(3600),
    DAY(86_400);

    private final int seconds;

    Span(int seconds) {
      this.seconds = seconds;
    }

    public int seconds() {
      return seconds;
    }

    /** The beginning of the bucket that holds an instant. */
    public Instant bucketOf(Instant instant) {
      long second = instant.getEpochSecond();
      return Instant.ofEpochSecond(second - Math.floorMod(second, (long) seconds));
    }
  }

  /** What sums are told apart by. */
  enum Dimension {
    BUCKET("bucket"),
    ENDPOINT("endpoint_id"),
    KEY("key_id"),
    PROVIDER("provider"),
    MODEL("model");

    private final String column;

    Dimension(String column) {
      this.column = column;
    }

    String column() {
      return column;
    }
  }

  /**
   * A question.
   *
   * @param since buckets from the one that begins here or after
   * @param until buckets that begin before
   * @param only values that dimensions must have
   */
  record Question(
      Span span,
      Instant since,
      Instant until,
      Map<Dimension, String> only,
      Set<Dimension> apartBy) {}

  /** Adds to what is there. */
  void add(Span span, List<UsageRow> rows);

  /** At most {@code limit} sums, those of most requests first. */
  List<UsageRow> sums(Question question, int limit);

  /** Forgets buckets from before an instant. */
  void deleteBefore(Span span, Instant instant);
}
