package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
  private final List<String> expired = new ArrayList<>();
  private long now = 100;
  private final Deadlines deadlines = new Deadlines(10, () -> now);

  private final class Named extends Deadlines.Deadline {
    private final String name;

    Named(String name) {
      this.name = name;
    }

    @Override
    void expired() {
      expired.add(name);
    }
  }

  @Test
  void aWaitEndsWhenItsTimeIsOver() {
    deadlines.start(new Named("first"));
    now = 105;
    deadlines.start(new Named("second"));
    now = 110;
    deadlines.expire();
    assertThat(expired).containsExactly("first");
    now = 115;
    deadlines.expire();
    assertThat(expired).containsExactly("first", "second");
  }

  @Test
  void aWaitIsCountedFromTheMomentThatIsSaid() {
    deadlines.startAt(95, new Named("earlier"));
    now = 104;
    deadlines.expire();
    assertThat(expired).isEmpty();
    now = 105;
    deadlines.expire();
    assertThat(expired).containsExactly("earlier");
  }

  @Test
  void aWaitThatBeganBeforeTheLastEndsWithItAtTheLatest() {
    Named last = new Named("last");
    deadlines.start(last);
    deadlines.startAt(95, new Named("earlier"));
    now = 110;
    deadlines.expire();
    assertThat(expired).containsExactly("last", "earlier");
  }

  @Test
  void aWaitThatIsStoppedIsOver() {
    Named stopped = new Named("stopped");
    deadlines.start(stopped);
    assertThat(stopped.isRunning()).isTrue();
    stopped.stop();
    now = 200;
    deadlines.expire();
    assertThat(expired).isEmpty();
    assertThat(stopped.isRunning()).isFalse();
  }
}
