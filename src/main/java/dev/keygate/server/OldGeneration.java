package dev.keygate.server;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Has garbage collected among old objects before they are many. The serial collector lets their
 * part of the heap grow to its greatest size first: a process that needs 100 MiB would take a
 * quarter of the machine in a few days. Does nothing with collectors that have no such part.
 */
final class OldGeneration implements Runnable {
  /** Bytes below which nothing is worth a pause. */
  private static final long LITTLE = 32L * 1024 * 1024;

  /** How much of what is needed there may be besides. */
  private static final double BESIDES = 0.3;

  private final Iterable<MemoryPoolMXBean> pools;
  private final Runnable collect;

  OldGeneration() {
    this(
        ManagementFactory.getMemoryPoolMXBeans().stream()
            .filter(pool -> pool.getType() == MemoryType.HEAP)
            .filter(pool -> pool.getName().equals("Tenured Gen"))
            .toList(),
        System::gc);
  }

  OldGeneration(Iterable<MemoryPoolMXBean> pools, Runnable collect) {
    this.pools = pools;
    this.collect = collect;
  }

  @Override
  public void run() {
    for (MemoryPoolMXBean pool : pools) {
      MemoryUsage needed = pool.getCollectionUsage();
      long most = Math.max(LITTLE, needed == null ? 0 : (long) (needed.getUsed() * (1 + BESIDES)));
      if (pool.getUsage().getUsed() > most) {
        collect.run();
      }
    }
  }
}
