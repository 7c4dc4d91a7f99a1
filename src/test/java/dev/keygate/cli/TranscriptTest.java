package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.server.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs docs/transcript.md as it stands. Identifiers, tokens and times are others at each run: what
 * the page shows in their place is bound to the first that appears there, and stands for that from
 * then on.
 */
class TranscriptTest {
  private static final Pattern CHANGING =
      Pattern.compile(
          "[a-z]+_[0-9A-Za-z]{27}|ng-[0-9A-Za-z]{16}-g1-[0-9A-Za-z]{38}"
              + "|ng-[0-9A-Za-z]{4}\\*{3}[0-9A-Za-z]{4}|\\d{4}-\\d\\d-\\d\\dT[0-9:]{8}Z");

  private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|'([^']*)'|(\\S+)");

  private final Map<String, String> bound = new HashMap<>();

  /** A command and the lines that the page shows after it. */
  private record Step(String command, List<String> shown) {}

  private static List<Step> steps() throws IOException {
    List<Step> steps = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("docs/transcript.md"))) {
      if (line.startsWith("```")) {
        inside = line.equals("```console");
      } else if (inside && line.startsWith("$ ")) {
        steps.add(new Step(line.substring(2), new ArrayList<>()));
      } else if (inside) {
        steps.getLast().shown().add(line);
      }
    }
    return steps;
  }

  @Test
  void thePageIsWhatHappens(@TempDir Path dir) throws Exception {
    try (Shell shell = new Shell(dir.resolve("data"), Map.of(Setting.DEMO, "true"))) {
      List<Step> steps = steps();
      assertThat(steps).hasSizeGreaterThan(10);
      for (Step step : steps) {
        List<String> printed = run(step, shell, dir);
        // When a key was used is written within a second.
        for (int tries = 0; tries < 100 && !matches(step.shown(), printed); tries++) {
          if (!step.command().contains(" list ")) {
            break;
          }
          LockSupport.parkNanos(100_000_000);
          printed = run(step, shell, dir);
        }
        assertThat(matches(step.shown(), printed))
            .as("%s\nshould print\n%s\nand prints\n%s", step.command(), step.shown(), printed)
            .isTrue();
      }
    }
  }

  private List<String> run(Step step, Shell shell, Path dir) throws Exception {
    String command = step.command();
    for (Map.Entry<String, String> one : bound.entrySet()) {
      command = command.replace(one.getKey(), one.getValue());
    }
    if (command.equals("cat policy.yaml")) {
      Files.write(dir.resolve("policy.yaml"), step.shown());
      return step.shown();
    }
    if (command.startsWith("curl ")) {
      Process curl =
          new ProcessBuilder(
                  "sh", "-c", command.replace("http://localhost:8080", shell.gatewayUrl()))
              .directory(dir.toFile())
              .redirectErrorStream(true)
              .start();
      List<String> said = new String(curl.getInputStream().readAllBytes(), UTF_8).lines().toList();
      assertThat(curl.waitFor(20, TimeUnit.SECONDS)).isTrue();
      return said;
    }
    List<String> words =
        WORD.matcher(command.replace("policy.yaml", dir.resolve("policy.yaml").toString()))
            .results()
            .map(TranscriptTest::unquoted)
            .toList();
    assertThat(words.getFirst()).isEqualTo("keygate");
    Shell.Done done = shell.tool("", words.subList(1, words.size()).toArray(String[]::new));
    assertThat(done.err()).isEmpty();
    return done.lines();
  }

  private static String unquoted(MatchResult word) {
    for (int group = 1; group < 3; group++) {
      if (word.group(group) != null) {
        return word.group(group);
      }
    }
    return word.group(3);
  }

  /** Whether the lines are there, in this order, with nothing else where no {@code …} stands. */
  private boolean matches(List<String> shown, List<String> printed) {
    Map<String, String> before = new HashMap<>(bound);
    if (matches(shown, 0, printed, 0)) {
      return true;
    }
    bound.clear();
    bound.putAll(before);
    return false;
  }

  private boolean matches(List<String> shown, int at, List<String> printed, int from) {
    if (at == shown.size()) {
      return from == printed.size();
    }
    if (shown.get(at).equals("…")) {
      for (int skip = from; skip <= printed.size(); skip++) {
        if (matches(shown, at + 1, printed, skip)) {
          return true;
        }
      }
      return false;
    }
    return from < printed.size()
        && matches(shown.get(at), printed.get(from))
        && matches(shown, at + 1, printed, from + 1);
  }

  private boolean matches(String shown, String printed) {
    List<String> expected = CHANGING.matcher(shown).results().map(MatchResult::group).toList();
    List<String> actual = CHANGING.matcher(printed).results().map(MatchResult::group).toList();
    boolean isAlike =
        CHANGING.matcher(shown).replaceAll("*").equals(CHANGING.matcher(printed).replaceAll("*"))
            && expected.size() == actual.size();
    for (int i = 0; isAlike && i < expected.size(); i++) {
      String known = bound.putIfAbsent(expected.get(i), actual.get(i));
      isAlike = known == null || known.equals(actual.get(i));
    }
    return isAlike;
  }
}
