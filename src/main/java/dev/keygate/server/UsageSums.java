package dev.keygate.server;

import dev.keygate.store.UsageRow;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Histogram;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import dev.keygate.usage.Routed.Tokens.Source;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Sums up requests by minute, hour and day. Not for use from several threads. */
final class UsageSums {
  private final Map<Span, Map<Kind, Sum>> sums = new EnumMap<>(Span.class);

  /** What is summed up together. */
  private record Kind(
      Instant bucket,
      String endpointId,
      String keyId,
      String provider,
      String model,
      int statusClass) {}

  private static final class Sum {
    private long requests;
    private long tokensIn;
    private long tokensOut;
    private long tokensEstimated;
    private long cost;
    private long micros;
    private final long[] took = new long[Histogram.STEPS];
    private final long[] first = new long[Histogram.STEPS];
  }

  void add(RequestRecord record) {
    for (Span span : Span.values()) {
      Sum sum =
          sums.computeIfAbsent(span, any -> new HashMap<>())
              .computeIfAbsent(kind(span, record), any -> new Sum());
      Routed.Tokens tokens = record.routed().tokens();
      sum.requests++;
      sum.tokensIn += tokens.input();
      sum.tokensOut += tokens.output();
      sum.tokensEstimated +=
          tokens.source() == Source.ESTIMATED ? tokens.input() + tokens.output() : 0;
      sum.cost += Math.max(0, record.routed().cost());
      sum.micros += record.micros();
      sum.took[Histogram.step(record.micros())]++;
      if (record.firstByteMicros() >= 0) {
        sum.first[Histogram.step(record.firstByteMicros())]++;
      }
    }
  }

  /** The sums of the buckets of a span. */
  List<UsageRow> rows(Span span) {
    return sums.getOrDefault(span, Map.of()).entrySet().stream()
        .map(entry -> row(entry.getKey(), entry.getValue()))
        .toList();
  }

  /** A request counts when it ended. */
  private static Kind kind(Span span, RequestRecord record) {
    Instant bucket = span.bucketOf(Instant.ofEpochMilli(record.endMillis()));
    Routed.Attempt last = record.last();
    int statusClass = record.status() / 100;
    return span == Span.MINUTE
        ? new Kind(bucket, record.endpointId(), "", "", "", statusClass)
        : new Kind(
            bucket,
            record.endpointId(),
            record.keyId(),
            last == null ? "" : last.provider(),
            last == null ? "" : last.model(),
            statusClass);
  }

  private static UsageRow row(Kind kind, Sum sum) {
    return new UsageRow(
        kind.bucket(),
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
