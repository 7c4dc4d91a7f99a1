package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.PostgresServer;
import dev.keygate.store.RequestBatchRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.store.StoreSettings;
import dev.keygate.store.UsageRow;
import dev.keygate.store.UsageTable.Question;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Journal;
import dev.keygate.usage.RecordBatch;
import dev.keygate.usage.RequestLog;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a real journal and a real database. */
class UsageWriterTest {
  private static final Instant NOW = Instant.parse("2027-01-15T08:00:30Z");
  private static final int MANY = 1000;
  private static final int BATCH = 8000;

  private final Identifiers identifiers = new Identifiers(InstantSource.fixed(NOW));
  private final AtomicLong nanos = new AtomicLong();
  private final AtomicLong made = new AtomicLong();
  private SqlStore store;
  private Journal journal;
  private RequestLog.Lane lane;
  private UsageWriter writer;

  @BeforeEach
  void open(@TempDir Path directory) throws IOException {
    store = SqlStore.open(new StoreSettings.Sqlite(directory.resolve("keygate.db")));
    journal = Journal.open(directory.resolve("journal"), () -> identifiers.next("seg"));
    lane = journal.lane();
    writer = writer(store);
  }

  private UsageWriter writer(Store to) {
    return new UsageWriter(to, journal, identifiers, nanos::get);
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void fewRequestsAreStoredAtOnce() {
    append(3);
    writer.read();
    assertThat(stored()).isEmpty();
    writer.write();
    assertThat(stored()).hasSize(3);
    assertThat(counted(Span.MINUTE)).isEqualTo(3);
    assertThat(counted(Span.HOUR)).isEqualTo(3);
    assertThat(counted(Span.DAY)).isEqualTo(3);
    writer.read();
    writer.write();
    assertThat(stored()).hasSize(3);
  }

  @Test
  void manyWaitForEachOther() {
    append(MANY);
    writer.read();
    writer.write();
    assertThat(stored()).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    writer.write();
    assertThat(stored()).hasSize(MANY).doesNotHaveDuplicates();
    assertThat(counted(Span.HOUR)).isEqualTo(MANY);
  }

  @Test
  void aWholeBatchOfFewSumsDoesNotWait() {
    append(BATCH);
    writer.read();
    writer.write();
    assertThat(stored()).hasSize(BATCH).doesNotHaveDuplicates();
    assertThat(counted(Span.HOUR)).isEqualTo(BATCH);
  }

  @Test
  void aWholeBatchOfManySumsWaits() {
    for (int i = 0; i < BATCH; i++) {
      append("aigk_" + i % 60);
    }
    writer.read();
    writer.write();
    assertThat(stored()).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    writer.write();
    assertThat(stored()).hasSize(BATCH);
    assertThat(counted(Span.DAY)).isEqualTo(BATCH);
  }

  @Test
  void helpComesWhereTheOthersDoNotKeepUp() {
    while (!journal.isLong()) {
      append(MANY);
      journal.prepare();
    }
    writer.help(); // nobody has read or written
    assertThat(journal.isLong()).isFalse();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    helpThrice();
    assertThat(counted(Span.HOUR)).isBetween(1L, made.get());
    writer.finish();
    assertThat(counted(Span.HOUR)).isEqualTo(made.get());
    assertThat(journal.lost()).isZero();
  }

  @Test
  void helpWritesOnlyWhatNobodyHasWrittenMeanwhile() {
    for (int i = 0; i < 4; i++) {
      append(BATCH);
      writer.read();
      writer.help();
      writer.help();
      assertThat(stored()).hasSize(i * BATCH);
      writer.write();
    }
    append(BATCH);
    writer.read();
    helpThrice();
    assertThat(stored()).hasSize(5 * BATCH);
  }

  @Test
  void helpDoesNotWriteWhatIsNotToBeWrittenYet() {
    append(MANY);
    writer.read();
    helpThrice();
    assertThat(stored()).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(5).toNanos());
    helpThrice();
    assertThat(stored()).hasSize(MANY);
  }

  private void helpThrice() {
    for (int i = 0; i < 3; i++) {
      writer.help();
    }
  }

  @Test
  void whatTheDatabaseRefusesIsSetAsideAndTheRestGoesOn() throws Exception {
    store.close();
    store = SqlStore.open(new StoreSettings.Postgresql(PostgresServer.emptyDatabase()));
    writer = writer(store);
    for (int i = 0; i < 2; i++) { // the sum of both is more than a column holds
      lane.append(record("req_absurd" + i, "aigk_1", absurd()));
      writer.read();
      writer.write();
    }
    assertThat(stored()).containsExactly("req_absurd0");
    assertThat(journal.lost()).isEqualTo(1);
    append(2);
    writer.read();
    writer.write();
    assertThat(stored()).hasSize(3).doesNotContain("req_absurd1");
    assertThat(counted(Span.DAY)).isEqualTo(3);
    assertThat(journal.lost()).isEqualTo(1);
  }

  private static Routed absurd() {
    Routed.Tokens tokens = new Routed.Tokens(Long.MAX_VALUE, 0, Routed.Tokens.Source.MEASURED);
    return new Routed(List.of(), List.of(), List.of(), List.of(), tokens, -1);
  }

  @Test
  void whatWasStoredIsNotStoredAgainWhenTheAnswerWasLost() {
    FailingStore failing = new FailingStore(store);
    writer = writer(failing);
    failing.lostAnswers = 2;
    for (int more = 3; more > 0; more--) {
      append(more);
      writer.read();
      writer.write();
    }
    assertThat(failing.lostAnswers).isZero();
    assertStored(6);
    failing.lostAnswers = 1;
    append(1);
    writer.read();
    writer.write();
    writer.write(); // nothing came meanwhile
    assertStored(7);
  }

  @Test
  void whatWasRolledBackIsStoredLater() {
    FailingStore failing = new FailingStore(store);
    writer = writer(failing);
    failing.rollbacks = 2;
    for (int more = 3; more > 0; more--) {
      append(more);
      writer.read();
      writer.write();
    }
    assertThat(failing.rollbacks).isZero();
    assertStored(6);
    failing.rollbacks = 1;
    append(1);
    writer.read();
    writer.write();
    failing.lostAnswers = 1;
    writer.finish();
    assertStored(7);
  }

  private void assertStored(int requests) {
    assertThat(stored()).hasSize(requests).doesNotHaveDuplicates();
    for (Span span : Span.values()) {
      assertThat(counted(span)).isEqualTo(requests);
    }
  }

  /** A store behind a bad connection. */
  private static final class FailingStore implements Store {
    private final Store store;
    private int rollbacks;
    private int lostAnswers;

    FailingStore(Store store) {
      this.store = store;
    }

    @Override
    public <T> T read(Work<T> work) {
      return store.read(work);
    }

    @Override
    public <T> T write(Work<T> work) {
      T result =
          store.write(tables -> {
            T done = work.with(tables);
            if (rollbacks > 0) {
              rollbacks--;
              throw new StoreException("the connection broke before the commit");
            }
            return done;
          });
      if (lostAnswers > 0) {
        lostAnswers--;
        throw new StoreException("the connection broke after the commit");
      }
      return result;
    }

    @Override
    public void close() {}
  }

  @Test
  void whatWasNotReadIsStoredAtTheEnd() {
    append(5);
    writer.finish();
    assertThat(stored()).hasSize(5);
    assertThat(store.<Map<String, Integer>>read(tables -> tables.requests().journalPositions()))
        .isEmpty();
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      append("aigk_1");
    }
  }

  private void append(String key) {
    lane.append(record("req_%027d".formatted(made.incrementAndGet()), key, Routed.NOWHERE));
  }

  private List<String> stored() {
    return store.<List<RequestBatchRow>>read(tables -> tables.requests().before("", 1000)).stream()
        .flatMap(UsageWriterTest::ids)
        .toList();
  }

  private static Stream<String> ids(RequestBatchRow row) {
    return RecordBatch.unpack(row.records(), row.count()).stream().map(RequestRecord::id);
  }

  private long counted(Span span) {
    Question all =
        new Question(span, NOW.minusSeconds(86_400), NOW.plusSeconds(1), Map.of(), Set.of());
    return store.<List<UsageRow>>read(tables -> tables.usage().sums(all, 10)).stream()
        .mapToLong(UsageRow::requests)
        .sum();
  }

  static RequestRecord record(String id, String key, Routed routed) {
    return new RequestRecord(
        id,
        NOW.toEpochMilli(),
        1500,
        700,
        "ep_1",
        key,
        "chat-completions",
        200,
        "",
        "",
        "192.0.2.1",
        350,
        590,
        routed);
  }
}
