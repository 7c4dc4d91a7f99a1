package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.config.ConfigReference;
import dev.keygate.policy.document.Nearest;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.trial.PolicyTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reference pages are made from the configuration records and from examples that pass their
 * tests. With {@code -Dgolden=write} they are written anew.
 */
class PolicyDocsTest {
  private static final Path PAGES = Path.of("docs/policy");
  private static final Path EXAMPLES = PAGES.resolve("examples");

  static List<String> names() {
    return Policies.types().stream()
        .map(ActionType::name)
        .filter(name -> !name.equals("ai-gateway"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("names")
  void theExampleDoesWhatItsTestsSay(String name) throws IOException {
    PolicyTest.Report report =
        new PolicyTest(InstantSource.fixed(Exchanges.NOW), Policies.types())
            .run(
                name,
                example(name),
                "tests",
                Files.readString(EXAMPLES.resolve(name + ".test.yaml")));
    assertThat(report.isGood()).as(report.text()).isTrue();
    assertThat(Policies.compile(example(name)).problems()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void thePageSaysWhatTheCodeDoes(String name) throws IOException {
    Path page = PAGES.resolve(name + ".md");
    String written = page(name);
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(page, written);
    }
    assertThat(Files.readString(page)).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("names")
  void theOverviewNamesEveryAction(String name) throws IOException {
    assertThat(Files.readString(PAGES.resolve("README.md"))).contains("[" + name + "](" + name);
  }

  private static String example(String name) throws IOException {
    return Files.readString(EXAMPLES.resolve(name + ".yaml"));
  }

  @Test
  void thePolicyOfTheOverviewCompiles() throws IOException {
    String overview = Files.readString(PAGES.resolve("README.md"));
    int start = overview.indexOf("```yaml\n") + 8;
    String policy = overview.substring(start, overview.indexOf("```", start));
    assertThat(Policies.compile(policy).problems()).isEmpty();
  }

  private static String page(String name) throws IOException {
    ActionType<?> type =
        Policies.types().stream().filter(one -> one.name().equals(name)).findFirst().orElseThrow();
    String example = example(name);
    String summary =
        example
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining("\n"));
    String policy =
        example.lines().dropWhile(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
    String phases =
        Nearest.list(
            type.phases().stream().sorted().map(Phase::key).map("`%s`"::formatted).toList());
    return """
    # %s

    %s

    May stand in %s. %s

    ## Configuration

    %s
    ## Example

    ```yaml
    %s
    ```

    Its tests: [%s.test.yaml](examples/%s.test.yaml), run with `keygate policy test`.
    """
        .formatted(
            name,
            summary,
            phases,
            ending(type),
            ConfigReference.of(type.config()),
            policy,
            name,
            name);
  }

  private static String ending(ActionType<?> type) {
    return switch (type.ending()) {
      case ALWAYS -> "Ends its phase: what follows it does not run.";
      case SOMETIMES -> "May end its phase.";
      case NEVER -> "The next action runs after it.";
    };
  }
}
