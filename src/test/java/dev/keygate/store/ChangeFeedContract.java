package dev.keygate.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a follower of the change feed may rely on; subclasses say on which database. */
abstract class ChangeFeedContract {
  private static final int WRITERS = 6;
  private static final int EACH = 30;

  private SqlStore node;
  private SqlStore otherNode;

  abstract StoreSettings emptyDatabase() throws Exception;

  @BeforeEach
  void open() throws Exception {
    StoreSettings settings = emptyDatabase();
    node = SqlStore.open(settings);
    otherNode = SqlStore.open(settings);
  }

  @AfterEach
  void close() {
    node.close();
    otherNode.close();
  }

  /**
   * Two nodes write at once, every third transaction fails at its end, and a reader polls: it sees
   * every committed change once, in the order in which the transactions ran, and no other.
   */
  @Test
  void aFollowerSeesEveryCommittedChangeOnceInCommitOrder() throws Exception {
    List<String> committed = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch writing = new CountDownLatch(WRITERS);
    List<String> seen = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        SqlStore writer = i % 2 == 0 ? node : otherNode;
        String prefix = "ak_" + i + "_";
        tasks.add(threads.submit(() -> writeMany(writer, prefix, committed, writing)));
      }
      long position = 0;
      boolean finished;
      do {
        finished = writing.await(0, TimeUnit.SECONDS);
        for (ChangeRow change : changes(position)) {
          assertThat(change.sequence()).isGreaterThan(position);
          seen.add(change.id());
          position = change.sequence();
        }
      } while (!finished);
      for (Future<?> task : tasks) {
        task.get(60, TimeUnit.SECONDS);
      }
    }
    assertThat(seen).hasSize(WRITERS * EACH * 2 / 3 * 2).isEqualTo(committed);
  }

  @Test
  void insertsUpdatesAndDeletesAreFedAndWhatDidNothingIsNot() {
    write(node, tables -> tables.managementKeys().insert(managementKey("ak_1")));
    write(node, tables -> tables.managementKeys().update(managementKey("ak_1")));
    write(node, tables -> tables.managementKeys().delete("ak_1"));
    write(node, tables -> tables.managementKeys().delete("ak_1"));
    write(node, tables -> tables.managementKeys().update(managementKey("ak_1")));
    assertThat(changes(0))
        .containsExactly(
            new ChangeRow(1, ChangeRow.MANAGEMENT_KEY, "ak_1"),
            new ChangeRow(2, ChangeRow.MANAGEMENT_KEY, "ak_1"),
            new ChangeRow(3, ChangeRow.MANAGEMENT_KEY, "ak_1"));
  }

  @Test
  void aTrimmedFeedKeepsTheNewestAndGoesOnFromThere() {
    assertThat(goesOnFrom(0)).isTrue();
    assertThat(goesOnFrom(1)).isFalse();
    for (int i = 1; i <= 5; i++) {
      String id = "ak_" + i;
      write(node, tables -> tables.managementKeys().insert(managementKey(id)));
    }
    write(node, tables -> ((SqlChanges) tables.changes()).trim(2));

    assertThat(goesOnFrom(0)).isFalse();
    assertThat(goesOnFrom(3)).isFalse();
    assertThat(goesOnFrom(4)).isTrue();
    assertThat(goesOnFrom(5)).isTrue();
    assertThat(goesOnFrom(6)).as("of a database that was never this one").isFalse();
    assertThat(changes(0)).extracting(ChangeRow::id).containsExactly("ak_4", "ak_5");

    write(node, tables -> tables.managementKeys().delete("ak_1"));
    assertThat(changes(5)).extracting(ChangeRow::sequence).containsExactly(6L);
  }

  private static void writeMany(
      SqlStore store, String prefix, List<String> committed, CountDownLatch writing) {
    try {
      for (int i = 0; i < EACH; i++) {
        String one = prefix + i + "a";
        String two = prefix + i + "b";
        if (i % 3 == 0) {
          assertThatThrownBy(() ->
                  write(
                      store,
                      tables -> {
                        tables.managementKeys().insert(managementKey(one));
                        throw new IllegalStateException("rolled back");
                      }))
              .hasMessage("rolled back");
        } else {
          write(
              store,
              tables -> {
                tables.managementKeys().insert(managementKey(one));
                tables.managementKeys().insert(managementKey(two));
                // Here no other transaction writes, so this list's order is that of the commits.
                committed.add(one);
                committed.add(two);
              });
        }
      }
    } finally {
      writing.countDown();
    }
  }

  private boolean goesOnFrom(long sequence) {
    return otherNode.read(tables -> tables.changes().goesOnFrom(sequence));
  }

  private List<ChangeRow> changes(long since) {
    return node.read(tables -> tables.changes().since(since, 1000));
  }

  private static void write(SqlStore store, Consumer<Store.Tables> work) {
    store.write(tables -> {
      work.accept(tables);
      return true;
    });
  }

  private static ManagementKeyRow managementKey(String id) {
    Instant now = Instant.EPOCH;
    byte[] hash = new byte[32];
    byte[] bytes = id.getBytes(UTF_8);
    System.arraycopy(bytes, 0, hash, 0, bytes.length);
    return new ManagementKeyRow(id, now, now, "keygate", hash, "viewer", "", "");
  }
}
