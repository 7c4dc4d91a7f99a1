package dev.keygate.server;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the system's scheduler give a thread a core only while no other thread wants it. Java's own
 * priorities say nothing to Linux unless the whole process is started with special rights; a thread
 * that chooses {@code SCHED_IDLE} for itself (sched(7)) needs none. Elsewhere nothing happens.
 */
final class IdleScheduling {
  private static final Logger LOG = LoggerFactory.getLogger(IdleScheduling.class);
  private static final int THIS_THREAD = 0;
  private static final int SCHED_IDLE = 5;

  private boolean isApplied;

  /** Applies it to the calling thread, for good; does nothing the second time. */
  @SuppressWarnings("restricted") // the launcher allows native access
  void applyOnce() {
    if (isApplied) {
      return;
    }
    isApplied = true;
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      Linker linker = Linker.nativeLinker();
      MethodHandle setScheduler =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("sched_setscheduler"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
      MemorySegment priority = arena.allocate(JAVA_INT); // the only one there is: 0
      int failed = (int) setScheduler.invokeExact(THIS_THREAD, SCHED_IDLE, priority);
      LOG.debug("sched_setscheduler answered {}", failed);
    } catch (Throwable e) { // invokeExact declares it
      LOG.debug("this thread is as important as all others: {}", e.toString());
    }
  }
}
