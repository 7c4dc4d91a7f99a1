package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class StallWatchTest {

  @Property(tries = 30)
  void everySweepLooksAtExactlyWhatWaits(@ForAll long seed) {
    List<String> wrong =
        onEventLoop((vertx, done) -> done.complete(sweepTwice(vertx, new Random(seed))));
    assertThat(wrong).isEmpty();
  }

  @Test
  void whatLeavesWhileItIsLookedAtHidesNothing() {
    Integer seen =
        onEventLoop((vertx, done) -> {
          StallWatch watch = new StallWatch(vertx, Duration.ofHours(1), System::nanoTime, () -> {});
          int[] checked = {0};
          List<Entry> all = new ArrayList<>();
          for (int i = 0; i < 5; i++) {
            all.add(
                new Entry(entry -> {
                  checked[0]++;
                  all.forEach(watch::leave);
                }));
            watch.enter(all.getLast());
          }
          watch.sweep();
          done.complete(checked[0]);
        });
    assertThat(seen).isEqualTo(1);
  }

  @Test
  void whatFailsIsLookedAtAgainWithAllOthers() {
    Integer seen =
        onEventLoop((vertx, done) -> {
          StallWatch watch =
              new StallWatch(vertx, Duration.ofMillis(1), System::nanoTime, () -> {});
          int[] checked = {0};
          watch.enter(
              new Entry(entry -> {
                checked[0]++;
                if (checked[0] == 3) {
                  watch.leave(entry);
                  done.complete(checked[0]);
                }
              }));
          int[] failed = {0};
          watch.enter(
              new Entry(entry -> {
                if (++failed[0] == 2) {
                  watch.leave(entry);
                }
                throw new IllegalStateException("a bug");
              }));
        });
    assertThat(seen).isEqualTo(3);
  }

  @Test
  void whatElseIsDueIsDoneWhileSomethingWaits() {
    String seen =
        onEventLoop((vertx, done) -> {
          Runnable meanwhile = () -> done.tryComplete("done");
          StallWatch watch =
              new StallWatch(vertx, Duration.ofMillis(1), System::nanoTime, meanwhile);
          watch.enter(new Entry(watch::leave));
        });
    assertThat(seen).isEqualTo("done");
  }

  /** What the work on an event loop says when it is done. */
  private static <T> T onEventLoop(BiConsumer<Vertx, Promise<T>> work) {
    Vertx vertx = Vertx.vertx();
    try {
      Promise<T> done = Promise.promise();
      vertx.runOnContext(go -> work.accept(vertx, done));
      return GatewayFixture.await(done.future());
    } finally {
      GatewayFixture.await(vertx.close());
    }
  }

  /** Enters and leaves at random, sweeps, and returns what was seen wrongly. */
  private static List<String> sweepTwice(Vertx vertx, Random random) {
    StallWatch watch = new StallWatch(vertx, Duration.ofHours(1), System::nanoTime, () -> {});
    List<Entry> waiting = new ArrayList<>();
    List<Entry> seen = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      if (waiting.isEmpty() || random.nextInt(3) > 0) {
        Entry entry = new Entry(seen::add);
        waiting.add(entry);
        watch.enter(entry);
      } else {
        Entry gone = waiting.remove(random.nextInt(waiting.size()));
        watch.leave(gone);
        watch.leave(gone);
      }
    }
    watch.sweep();
    List<String> wrong = new ArrayList<>();
    if (seen.size() != waiting.size() || !seen.containsAll(waiting)) {
      wrong.add("saw " + seen.size() + " of " + waiting.size());
    }
    waiting.forEach(watch::leave);
    seen.clear();
    watch.sweep();
    if (!seen.isEmpty()) {
      wrong.add("saw " + seen.size() + " that had left");
    }
    return wrong;
  }

  private static final class Entry extends StallWatch.Watched {
    private final Consumer<Entry> onCheck;

    Entry(Consumer<Entry> onCheck) {
      this.onCheck = onCheck;
    }

    @Override
    void check(long now) {
      onCheck.accept(this);
    }
  }
}
