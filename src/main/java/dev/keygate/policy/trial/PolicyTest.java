package dev.keygate.policy.trial;

import dev.keygate.policy.ActionType;
import dev.keygate.policy.Compilation;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCheck;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.config.ConfigReader;
import dev.keygate.policy.document.DocumentParser;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Runs a policy on the example requests written beside it: the real compiler and engine, with a
 * provider that answers as the tests say.
 */
public final class PolicyTest {
  private final InstantSource clock;
  private final List<ActionType<?>> types = new ArrayList<>();
  private final @Nullable StandIn<?> provider;

  /**
   * What came of a file's tests.
   *
   * @param text as it is printed
   */
  public record Report(int passed, int failed, String text) {
    public boolean isGood() {
      return failed == 0 && passed > 0;
    }
  }

  /**
   * @param clock what {@code time.now} reads
   * @param types the kinds of action that policies may use, {@code ai-gateway} among them
   */
  public PolicyTest(InstantSource clock, Collection<? extends ActionType<?>> types) {
    this.clock = clock;
    StandIn<?> found = null;
    for (ActionType<?> type : types) {
      if (type.name().equals(StandIn.NAME)) {
        found = new StandIn<>(type);
        this.types.add(found);
      } else {
        this.types.add(type);
      }
    }
    this.provider = found;
  }

  /**
   * Runs the tests.
   *
   * @param name what the policy is called in the report
   * @param policy the policy document
   * @param testsName what the document with its tests is called
   * @param tests the document with its tests
   */
  public Report run(String name, String policy, String testsName, String tests) {
    Problems problems = new Problems();
    TrialFile file = read(tests, problems);
    if (file == null) {
      Compilation refused = new Compilation(null, problems.sorted());
      return new Report(0, 1, PolicyCheck.report(testsName, tests, refused));
    }
    Compilation compiled =
        new PolicyCompiler(new Expressions(file, clock), types).compile(policy, OpenRelay.ALLOW);
    TrafficPolicy ready = compiled.policy();
    if (ready == null) {
      return new Report(0, 1, PolicyCheck.report(name, policy, compiled));
    }
    return run(name, ready, file);
  }

  private Report run(String name, TrafficPolicy policy, TrialFile file) {
    StringBuilder text = new StringBuilder(name).append('\n');
    int passed = 0;
    for (TrialFile.Case test : file.tests()) {
      List<String> wrong = new Trial(policy, provider).run(test);
      passed += wrong.isEmpty() ? 1 : 0;
      text.append(wrong.isEmpty() ? "  ok    " : "  FAIL  ").append(test.name()).append('\n');
      wrong.forEach(line -> text.append("        ").append(line).append('\n'));
    }
    int all = file.tests().size();
    text.append(passed).append(" of ").append(all).append(" passed\n");
    return new Report(passed, all - passed, text.toString());
  }

  private @Nullable TrialFile read(String tests, Problems problems) {
    Node root = DocumentParser.parse(tests, problems);
    return root == null
        ? null
        : new ConfigReader(
                new Expressions(SecretSource.UNKNOWN, clock)
                    .compiler(Phase.ON_TCP_CONNECT, problems),
                problems)
            .read(root, TrialFile.class);
  }
}
