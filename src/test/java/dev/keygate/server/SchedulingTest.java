package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  private static final Pattern SLICE = Pattern.compile("se\\.slice +: +(\\d+)");
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

  @Test
  void whoRunsPromptlyHasShortTurns() {
    Path sched = Path.of("/proc/thread-self/sched");
    assumeThat(sched).as("only kernels built to say so have it").exists();
    String before = readAfter(() -> {}, sched);
    assumeThat(before).as("Linux 6.12 and later have it").containsPattern(SLICE);
    assertThat(slice(readAfter(scheduling::promptly, sched))).isEqualTo(100_000);
    assertThat(slice(before)).isGreaterThan(100_000);
  }

  private static long slice(String sched) {
    Matcher matcher = SLICE.matcher(sched);
    assertThat(matcher.find()).isTrue();
    return Long.parseLong(matcher.group(1));
  }

  /** Of a thread that does this first: the fields as the manual numbers them. */
  private static List<String> scheduledAfter(Runnable first) {
    // The second field is a name in parentheses, which may hold spaces.
    String stat = readAfter(first, Path.of("/proc/thread-self/stat"));
    return List.of(stat.replaceFirst(".*\\)", "0 1 2").trim().split(" ", -1));
  }

  private static String readAfter(Runnable first, Path file) {
    CompletableFuture<String> read = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(() -> {
          try {
            first.run();
            read.complete(Files.readString(file));
          } catch (IOException e) {
            read.completeExceptionally(new UncheckedIOException(e));
          }
        });
    return read.join();
  }
}
