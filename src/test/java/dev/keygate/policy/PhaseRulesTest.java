package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Outcome;
import io.vertx.core.Promise;
import java.util.List;
import org.junit.jupiter.api.Test;

class PhaseRulesTest {
  @Test
  void theNextActionRunsAfterOneThatHadToWaitTwice() {
    Promise<Outcome> first = Promise.promise();
    Promise<Outcome> second = Promise.promise();
    Action waiting = exchange -> new Outcome.Pending(first.future());
    Action last = exchange -> Outcome.CLOSE;
    PhaseRules rules = new PhaseRules(List.of(new Rule(List.of(), List.of(waiting, last))));

    Outcome outcome = rules.run(Exchanges.get("/"));
    first.complete(new Outcome.Pending(second.future()));
    second.complete(Outcome.CONTINUE);

    assertThat(Runs.settled(outcome)).isEqualTo(Outcome.CLOSE);
  }
}
