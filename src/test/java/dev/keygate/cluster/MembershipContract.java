package dev.keygate.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.live.Clocks;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.StoreSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Who waits for whom; subclasses say on which database. */
abstract class MembershipContract {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong wallMillis = new AtomicLong();
  private final Semaphore looks = new Semaphore(0);
  private SqlStore store;
  private Membership node;
  private Membership other;

  abstract StoreSettings emptyDatabase() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = SqlStore.open(emptyDatabase());
    node = member(store, "node_1", Duration.ofMinutes(5));
    other = member(store, "node_2", Duration.ofMinutes(5));
    node.join();
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void aNodeAloneWaitsForNobody() {
    node.applied(7);
    node.awaitAll(7);
    assertThat(node.alive()).isEqualTo(1);
  }

  @Test
  void aNodeWaitsUntilTheOthersHaveAppliedTheChange() throws Exception {
    other.join();
    other.applied(6);
    node.applied(7);
    assertThat(node.alive()).isEqualTo(2);
    CompletableFuture<Void> waiting = waiting(7);
    assertThat(waiting).isNotDone();
    other.applied(7);
    waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aNodeThatJoinsIsWaitedForBeforeItHasReadAnything() throws Exception {
    other.join();
    CompletableFuture<Void> waiting = waiting(1);
    assertThat(waiting).isNotDone();
    other.applied(1);
    waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aNodeThatLeavesIsNotWaitedFor() throws Exception {
    other.join();
    CompletableFuture<Void> waiting = waiting(1);
    other.close();
    waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aNodeThatDiedIsWaitedForAsLongAsItCouldServe() throws Exception {
    other.join();
    looks.drainPermits();
    CompletableFuture<Void> waiting = waiting(1);
    assertThat(waiting).isNotDone();
    assertThat(looks.tryAcquire(2, PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    nanos.addAndGet(Duration.ofMinutes(5).plusSeconds(2).toNanos());
    waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void aNodeThatWasSilentForLongIsNotWaitedForAtAll() {
    Duration overAtOnce = Duration.ofSeconds(-2);
    other.join();
    member(store, "node_1", overAtOnce).awaitAll(1);
  }

  @Test
  void aNodeThatStopsGivesUpWaiting() throws Exception {
    other.join();
    CompletableFuture<Void> waiting = waiting(1);
    node.close();
    waiting.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void theOthersAreToldOfNewsAtOnceAndOtherwiseOnceASecond() {
    node.applied(1);
    other.join();
    assertThat(node.alive()).isEqualTo(1);
    node.applied(1);
    assertThat(node.alive()).as("nothing new within a second").isEqualTo(1);
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    node.applied(1);
    assertThat(node.alive()).isEqualTo(2);
  }

  @Test
  void aNodeThatWasSilentForLongLearnsThatNobodyWaitedForIt() {
    assertThat(node.applied(1)).isTrue();
    nanos.addAndGet(Duration.ofMinutes(5).toNanos());
    assertThat(node.applied(2)).isTrue();
    nanos.addAndGet(Duration.ofMinutes(5).toNanos() + 1);
    assertThat(node.applied(3)).isFalse();
    assertThat(node.applied(3)).isTrue();
  }

  @Test
  void aNodeThatTookLongToReadAfterItJoinedLearnsThatNobodyWaitedForIt() {
    nanos.addAndGet(Duration.ofMinutes(10).toNanos());
    other.join();
    assertThat(other.applied(1)).isTrue();
    assertThat(node.applied(1)).isFalse();
  }

  @Test
  void aNodeThatWasSuspendedTellsTheOthersAtOnceAndLearnsThatNobodyWaitedForIt() {
    node.applied(1);
    other.join();
    wallMillis.addAndGet(Duration.ofHours(1).toMillis());
    assertThat(node.applied(1)).isFalse();
    assertThat(node.alive()).as("the others were told").isEqualTo(2);
    assertThat(node.applied(1)).isTrue();
  }

  @Test
  void aTellingThatTookLongCountsAsSilenceUntilItWasDone() {
    Membership slow = member(new SlowStore(), "node_3", Duration.ofMinutes(5));
    assertThat(slow.applied(1)).isFalse();
  }

  @Test
  void whoCannotTellTheOthersIsToldSo() {
    store.close();
    assertThatThrownBy(() -> node.applied(1)).isInstanceOf(StoreException.class);
  }

  /** The store, in which a write waits six minutes for its turn. */
  private final class SlowStore implements Store {
    @Override
    public <T> T read(Work<T> work) {
      return store.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
      nanos.addAndGet(Duration.ofMinutes(6).toNanos());
      return store.write(work);
    }

    @Override
    public void close() {}
  }

  private CompletableFuture<Void> waiting(long sequence) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        node.awaitAll(sequence);
        done.complete(null);
      } catch (RuntimeException e) {
        done.completeExceptionally(e);
      }
    });
    return done;
  }

  private Membership member(Store shared, String id, Duration maxKeyAge) {
    return new Membership(
        shared,
        id,
        maxKeyAge,
        new Clocks(
            () -> {
              looks.release();
              return nanos.get();
            },
            () -> Instant.ofEpochMilli(wallMillis.get())));
  }
}
