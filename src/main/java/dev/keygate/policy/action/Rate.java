package dev.keygate.policy.action;

import dev.keygate.policy.config.Durations;
import dev.keygate.ratelimit.Limit;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The {@code rate} of a rate limit: a window whose capacity stands beside it, or both in one.
 *
 * @param capacity the 100 of {@code 100/min}; null in a duration
 */
public record Rate(Duration window, @Nullable Long capacity) {
  private static final Pattern PER_UNIT = Pattern.compile("(\\d{1,10}) ?/ ?([a-z]+)");
  private static final Duration SHORTEST = Duration.ofSeconds(60);

  private static final Map<String, Duration> UNITS =
      Map.ofEntries(
          Map.entry("s", Duration.ofSeconds(1)),
          Map.entry("sec", Duration.ofSeconds(1)),
          Map.entry("second", Duration.ofSeconds(1)),
          Map.entry("m", Duration.ofMinutes(1)),
          Map.entry("min", Duration.ofMinutes(1)),
          Map.entry("minute", Duration.ofMinutes(1)),
          Map.entry("h", Duration.ofHours(1)),
          Map.entry("hour", Duration.ofHours(1)),
          Map.entry("d", Duration.ofDays(1)),
          Map.entry("day", Duration.ofDays(1)));

  /**
   * Reads a rate.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static Rate parse(String text) {
    Matcher perUnit = PER_UNIT.matcher(text);
    if (perUnit.matches()) {
      return perUnit(Long.parseLong(perUnit.group(1)), perUnit.group(2));
    }
    if (text.indexOf('/') >= 0) {
      throw new IllegalArgumentException("expected a rate such as 100/min, or a duration");
    }
    Duration window = Durations.parse(text);
    boolean isInBounds = window.compareTo(SHORTEST) >= 0 && window.compareTo(Limit.LONGEST) <= 0;
    if (!isInBounds || window.toMillis() % 10_000 != 0) {
      throw new IllegalArgumentException(
          "expected 60s to 24h in steps of 10s, or a rate such as 100/min");
    }
    return new Rate(window, null);
  }

  private static Rate perUnit(long capacity, String unit) {
    Duration window = UNITS.get(unit);
    if (window == null) {
      throw new IllegalArgumentException(
          "unknown unit '" + unit + "': expected s, min, h or d, as in 100/min");
    }
    if (capacity < 1 || capacity > Limit.LARGEST_CAPACITY) {
      throw new IllegalArgumentException(
          "expected 1 to " + Limit.LARGEST_CAPACITY + " before the slash");
    }
    return new Rate(window, capacity);
  }
}
