package dev.keygate.server;

import dev.keygate.store.UsageRow;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Histogram;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import dev.keygate.usage.Routed.Tokens.Source;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Sums up requests by minute, hour and day. Each request is added once, to the sum of its minute
 * and of all that requests are told apart by; other sums are sums of those. Not for use from
 * several threads.
 */
final class UsageSums {
  private final Map<Kind, Sum> sums = new HashMap<>();

  /**
   * What is summed up together.
   *
   * @param second when the bucket begins, in seconds since 1970
   */
  private record Kind(
      long second,
      String endpointId,
      String keyId,
      String provider,
      String model,
      int statusClass) {

    /** A request counts when it ended. */
    static Kind of(RequestRecord record) {
      Routed.Attempt last = record.last();
      return new Kind(
          bucket(Span.MINUTE, record.endMillis() / 1000),
          record.endpointId(),
          record.keyId(),
          last == null ? "" : last.provider(),
          last == null ? "" : last.model(),
          record.status() / 100);
    }

    Kind within(Span span) {
      long bucket = bucket(span, second);
      return span == Span.MINUTE
          ? new Kind(bucket, endpointId, "", "", "", statusClass)
          : new Kind(bucket, endpointId, keyId, provider, model, statusClass);
    }

    private static long bucket(Span span, long second) {
      return second - second % span.seconds();
    }
  }

  private static final class Sum {
    private long requests;
    private long tokensIn;
    private long tokensOut;
    private long tokensEstimated;
    private long cost;
    private long micros;
    private final long[] took = new long[Histogram.STEPS];
    private final long[] first = new long[Histogram.STEPS];

    void add(RequestRecord record) {
      Routed.Tokens tokens = record.routed().tokens();
      requests++;
      tokensIn += tokens.input();
      tokensOut += tokens.output();
      tokensEstimated += tokens.source() == Source.ESTIMATED ? tokens.input() + tokens.output() : 0;
      cost += Math.max(0, record.routed().cost());
      micros += record.micros();
      took[Histogram.step(record.micros())]++;
      if (record.firstByteMicros() >= 0) {
        first[Histogram.step(record.firstByteMicros())]++;
      }
    }

    void add(Sum other) {
      requests += other.requests;
      tokensIn += other.tokensIn;
      tokensOut += other.tokensOut;
      tokensEstimated += other.tokensEstimated;
      cost += other.cost;
      micros += other.micros;
      for (int step = 0; step < Histogram.STEPS; step++) {
        took[step] += other.took[step];
        first[step] += other.first[step];
      }
    }
  }

  void add(RequestRecord record) {
    sums.computeIfAbsent(Kind.of(record), any -> new Sum()).add(record);
  }

  void add(UsageSums other) {
    other.sums.forEach((kind, sum) -> sums.computeIfAbsent(kind, any -> new Sum()).add(sum));
  }

  /** How many sums there are. */
  int size() {
    return sums.size();
  }

  /** The sums of the buckets of a span. */
  List<UsageRow> rows(Span span) {
    Map<Kind, Sum> bySpan = new HashMap<>();
    sums.forEach(
        (kind, sum) -> bySpan.computeIfAbsent(kind.within(span), any -> new Sum()).add(sum));
    return bySpan.entrySet().stream().map(entry -> row(entry.getKey(), entry.getValue())).toList();
  }

  private static UsageRow row(Kind kind, Sum sum) {
    return new UsageRow(
        Instant.ofEpochSecond(kind.second()),
        kind.endpointId(),
        kind.keyId(),
        kind.provider(),
        kind.model(),
        kind.statusClass(),
        sum.requests,
        kind.statusClass() == 2 || kind.statusClass() == 3 ? 0 : sum.requests,
        sum.tokensIn,
        sum.tokensOut,
        sum.tokensEstimated,
        sum.cost,
        sum.micros,
        sum.took,
        sum.first);
  }
}
