package dev.keygate.control;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * A time that is asked about.
 *
 * @param since its beginning
 * @param until its end, not in it
 */
record Period(Instant since, Instant until) {
  private static final Duration USUAL = Duration.ofDays(1);

  /** What {@code since} and {@code until} say; by default the last 24 hours. */
  static Period of(Call call) {
    Instant until = instant(call, "until", call.now());
    Instant since = instant(call, "since", until.minus(USUAL));
    if (!since.isBefore(until)) {
      throw ApiError.inField(ErrorCode.INVALID_FIELD, "since", "expected a time before until");
    }
    return new Period(since, until);
  }

  /** The time in a query parameter, or what stands for it when it is absent. */
  static Instant instant(Call call, String name, Instant otherwise) {
    String text = call.query().getOrDefault(name, "");
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      return text.length() == 10
          ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
          : Instant.parse(text);
    } catch (DateTimeException e) {
      throw ApiError.inField(
          ErrorCode.INVALID_FIELD,
          name,
          "'" + text + "', expected a time such as 2026-01-31T08:00:00Z, or a day");
    }
  }

  Duration length() {
    return Duration.between(since, until);
  }
}
