package dev.keygate.server;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells Linux's scheduler which threads requests wait for, where several share a core (sched(7),
 * sched_setattr(2)). Java's own priorities say nothing to it unless the whole process is started
 * with special rights; what is asked for here needs none. Elsewhere nothing happens.
 */
final class Scheduling {
  private static final Logger LOG = LoggerFactory.getLogger(Scheduling.class);

  private static final long THIS_THREAD = 0;

  // struct sched_attr
  private static final long SIZE = 48;
  private static final long POLICY_AT = 4;
  private static final long NICE_AT = 16;
  private static final long RUNTIME_AT = 24;

  private static final int SCHED_IDLE = 5;
  private static final int NICEST = 19;

  /** The least there is: who has short turns gets them sooner. */
  private static final long SHORT_TURN_NANOS = 100_000;

  /** The system calls' numbers, which C libraries have no functions for yet. */
  private record Calls(long set, long get) {
    private static final Map<String, Calls> OF =
        Map.of("amd64", new Calls(314, 315), "aarch64", new Calls(274, 275));
  }

  private final Optional<Calls> calls;

  Scheduling() {
    boolean isLinux = System.getProperty("os.name", "").equals("Linux");
    calls = Optional.ofNullable(isLinux ? Calls.OF.get(System.getProperty("os.arch", "")) : null);
  }

  /** Has the calling thread get a core only while no other thread wants it, for good. */
  void whenIdle() {
    change(attributes -> attributes.set(JAVA_INT, POLICY_AT, SCHED_IDLE));
  }

  /**
   * Has the calling thread make way for all others, for good. It gets a hundredth of a core even
   * where they leave nothing: for who may hold what they wait for.
   */
  void behind() {
    change(attributes -> attributes.set(JAVA_INT, NICE_AT, NICEST));
  }

  /**
   * Has the calling thread get its core soon when it wakes up, also from a thread that computes,
   * for which it would wait until the next tick of up to 4 ms. Since Linux 6.12.
   */
  void promptly() {
    change(attributes -> attributes.set(JAVA_LONG, RUNTIME_AT, SHORT_TURN_NANOS));
  }

  private interface Change {
    void to(MemorySegment attributes);
  }

  private void change(Change change) {
    calls.ifPresent(numbers -> {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment attributes = arena.allocate(SIZE);
        long failed = Syscall.call(numbers.get, THIS_THREAD, attributes, SIZE, 0);
        if (failed == 0) {
          change.to(attributes);
          failed = Syscall.call(numbers.set, THIS_THREAD, attributes, 0, 0);
        }
        LOG.debug("the scheduler answered {}", failed);
      } catch (Throwable e) { // invokeExact declares it
        LOG.debug("this thread is scheduled as all others: {}", e.toString());
      }
    });
  }

  /** The C library's {@code syscall}. */
  private static final class Syscall {
    @SuppressWarnings("restricted") // the launcher allows native access
    private static final MethodHandle SYSCALL =
        Linker.nativeLinker()
            .downcallHandle(
                Linker.nativeLinker().defaultLookup().findOrThrow("syscall"),
                FunctionDescriptor.of(
                    JAVA_LONG, JAVA_LONG, JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG),
                Linker.Option.firstVariadicArg(1));

    static long call(long number, long thread, MemorySegment attributes, long third, long fourth)
        throws Throwable {
      return (long) SYSCALL.invokeExact(number, thread, attributes, third, fourth);
    }
  }
}
