package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OldGenerationTest {
  @ParameterizedTest
  @CsvSource({
    // MiB used, needed after the last collection, collections
    "10, 0, 0",
    "32, 0, 0",
    "33, 0, 1",
    "33, 30, 0",
    "52, 40, 0",
    "53, 40, 1",
    "33, -1, 1", // never collected
  })
  void itIsCollectedWhenItIsThreeTenthsMoreThanIsNeeded(long used, long needed, int collections) {
    AtomicInteger collected = new AtomicInteger();
    MemoryPoolMXBean pool = pool(usage(used), needed < 0 ? null : usage(needed));
    new OldGeneration(List.of(pool), collected::incrementAndGet).run();
    assertThat(collected).hasValue(collections);
  }

  /** The tests run with the collector that servers do. */
  @Test
  void aRealHeapIsLookedAt() {
    assertThat(ManagementFactory.getGarbageCollectorMXBeans())
        .extracting(GarbageCollectorMXBean::getName)
        .contains("MarkSweepCompact");
    new OldGeneration().run();
  }

  private static MemoryUsage usage(long mebibytes) {
    long bytes = mebibytes << 20;
    return new MemoryUsage(0, bytes, bytes, -1);
  }

  private static MemoryPoolMXBean pool(MemoryUsage used, @Nullable MemoryUsage needed) {
    return (MemoryPoolMXBean)
        Proxy.newProxyInstance(
            OldGenerationTest.class.getClassLoader(),
            new Class<?>[] {MemoryPoolMXBean.class},
            (proxy, method, arguments) -> method.getName().equals("getUsage") ? used : needed);
  }
}
