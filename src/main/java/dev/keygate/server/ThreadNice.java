package dev.keygate.server;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the system's scheduler prefer all other threads to the one that asks for it. Java's own
 * priorities say nothing to Linux unless the whole process is started with special rights; a thread
 * that makes itself nicer (setpriority(2), which on Linux is about the calling thread) needs none.
 * Elsewhere nothing happens.
 */
final class ThreadNice {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadNice.class);
  private static final int THIS_THREAD = 0;
  private static final int PRIO_PROCESS = 0;
  private static final int NICEST = 19;

  private boolean isApplied;

  /** Makes the calling thread as nice as can be, for good; does nothing the second time. */
  @SuppressWarnings("restricted") // the launcher allows native access
  void applyOnce() {
    if (isApplied) {
      return;
    }
    isApplied = true;
    if (!System.getProperty("os.name", "").equals("Linux")) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle setpriority =
          linker.downcallHandle(
              linker.defaultLookup().findOrThrow("setpriority"),
              FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));
      int failed = (int) setpriority.invokeExact(PRIO_PROCESS, THIS_THREAD, NICEST);
      LOG.debug("setpriority answered {}", failed);
    } catch (Throwable e) { // invokeExact declares it
      LOG.debug("this thread is as important as all others: {}", e.toString());
    }
  }
}
