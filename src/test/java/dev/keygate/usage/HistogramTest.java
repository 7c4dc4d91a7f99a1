package dev.keygate.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void quantilesLieInTheStepThatHoldsThem() {
    long[] counts = new long[Histogram.STEPS];
    for (int millis = 1; millis <= 1000; millis++) {
      counts[Histogram.step(millis * 1000L)]++;
    }
    assertThat(Histogram.quantile(counts, 0.5)).isEqualTo(500, within(1.0));
    assertThat(Histogram.quantile(counts, 0.95)).isEqualTo(950, within(1.0));
    assertThat(Histogram.quantile(new long[Histogram.STEPS], 0.5)).isZero();
  }

  @Property
  void aQuantileIsNeverBelowALowerOne(
      @ForAll @Size(16) List<@LongRange(min = 0, max = 1000) Long> steps) {
    long[] counts = steps.stream().mapToLong(Long::longValue).toArray();
    double before = 0;
    for (double part = 0.05; part <= 1; part += 0.05) {
      double quantile = Histogram.quantile(counts, part);
      assertThat(quantile).isGreaterThanOrEqualTo(before);
      before = quantile;
    }
  }

  @Property
  void everyDurationHasAStep(@ForAll @LongRange(min = 0) long micros) {
    assertThat(Histogram.step(micros)).isBetween(0, Histogram.STEPS - 1);
  }
}
