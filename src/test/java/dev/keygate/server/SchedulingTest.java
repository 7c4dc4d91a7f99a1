package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Asks the kernel how it schedules a thread afterwards: proc_pid_stat(5). */
@EnabledOnOs(
    value = OS.LINUX,
    architectures = {"amd64", "aarch64"})
class SchedulingTest {
  private static final int NICE = 19;
  private static final int POLICY = 41;
  private static final String SCHED_OTHER = "0";
  private static final String SCHED_IDLE = "5";

  private final Scheduling scheduling = new Scheduling();

  @Test
  void whoRunsBehindIsAsNiceAsCanBe() {
    List<String> seen = scheduledAfter(scheduling::behind);
    assertThat(seen.get(NICE)).isEqualTo("19");
    assertThat(seen.get(POLICY)).isEqualTo(SCHED_OTHER);
  }

  @Test
  void whoRunsWhenIdleHasThatPolicy() {
    List<String> seen = scheduledAfter(scheduling::whenIdle);
    assertThat(seen.get(POLICY)).isEqualTo(SCHED_IDLE);
  }

  @Test
  void whoRunsPromptlyIsOtherwiseScheduledAsBefore() {
    List<String> before = scheduledAfter(() -> {});
    List<String> seen = scheduledAfter(scheduling::promptly);
    assertThat(seen.get(NICE)).isEqualTo(before.get(NICE));
    assertThat(seen.get(POLICY)).isEqualTo(before.get(POLICY));
  }

  /** Of a thread that does this first: the fields as the manual numbers them. */
  private static List<String> scheduledAfter(Runnable first) {
    CompletableFuture<String> stat = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            first.run();
            stat.complete(Files.readString(Path.of("/proc/thread-self/stat")));
          } catch (IOException e) {
            stat.completeExceptionally(new UncheckedIOException(e));
          }
        });
    // The second field is a name in parentheses, which may hold spaces.
    String afterName = stat.join().replaceFirst(".*\\)", "0 1 2");
    return List.of(afterName.trim().split(" ", -1));
  }
}
