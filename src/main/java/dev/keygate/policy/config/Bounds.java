package dev.keygate.policy.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks values against the bounds their settings declare. */
final class Bounds {
  private Bounds() {}

  /** What is bounded of a value: its amount or its size; null when nothing is. */
  static @Nullable Comparable<?> measure(Object value) {
    return switch (value) {
      case Duration duration -> duration;
      case Number number -> new BigDecimal(number.toString());
      case String text -> BigDecimal.valueOf(text.length());
      case Collection<?> items -> BigDecimal.valueOf(items.size());
      case Map<?, ?> entries -> BigDecimal.valueOf(entries.size());
      default -> null;
    };
  }

  /** What is wrong with the measure, or null when it is within its bounds. */
  static @Nullable String violation(Comparable<?> measure, Setting setting) {
    boolean tooSmall = !setting.atLeast().isEmpty() && compare(measure, setting.atLeast()) < 0;
    boolean tooLarge = !setting.atMost().isEmpty() && compare(measure, setting.atMost()) > 0;
    if (!tooSmall && !tooLarge) {
      return null;
    }
    return shown(measure) + ": expected " + words(setting);
  }

  /** The bounds as a sentence's end. */
  static String words(Setting setting) {
    if (setting.atLeast().isEmpty()) {
      return "at most " + setting.atMost();
    }
    return setting.atMost().isEmpty()
        ? "at least " + setting.atLeast()
        : setting.atLeast() + " to " + setting.atMost();
  }

  private static int compare(Comparable<?> measure, String bound) {
    return switch (measure) {
      case Duration duration -> duration.compareTo(Durations.parse(bound));
      case BigDecimal number -> number.compareTo(new BigDecimal(bound));
      default -> throw new IllegalStateException("no measure: " + measure);
    };
  }

  private static String shown(Comparable<?> measure) {
    return measure instanceof Duration duration ? Durations.format(duration) : measure.toString();
  }
}
