package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.keygate.store.UsageTable.Dimension;
import dev.keygate.store.UsageTable.Question;
import dev.keygate.store.UsageTable.Span;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every store remembers of requests; subclasses say on which database. */
abstract class UsageContract {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private SqlStore store;

  abstract StoreSettings emptyDatabase() throws Exception;

  @BeforeEach
  void open() throws Exception {
    store = SqlStore.open(emptyDatabase());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void batchesComeNewestFirstAndWhole() {
    insert("rb_1", "req_1", "req_4", NOON);
    insert("rb_2", "req_3", "req_6", NOON.plusSeconds(5));
    insert("rb_3", "req_7", "req_8", NOON.plusSeconds(9));
    assertThat(before("", 2)).containsExactly("rb_3", "rb_2");
    assertThat(before("rb_2", 2)).containsExactly("rb_1");
    RequestBatchRow batch = store.read(tables -> tables.requests().before("", 1)).getFirst();
    assertThat(batch.records()).containsExactly(1, 2, 3);
    assertThat(batch.count()).isEqualTo(3);
    assertThat(batch.lastAt()).isEqualTo(NOON.plusSeconds(9));
  }

  @Test
  void aRequestIsLookedForWhereItMayBe() {
    insert("rb_1", "req_1", "req_4", NOON);
    insert("rb_2", "req_3", "req_6", NOON.plusSeconds(5));
    insert("rb_3", "req_7", "req_8", NOON.plusSeconds(9));
    assertThat(holding("req_3")).containsExactly("rb_1", "rb_2");
    assertThat(holding("req_5")).containsExactly("rb_2");
    assertThat(holding("req_9")).isEmpty();
  }

  @Test
  void oldBatchesGoAFewAtATime() {
    insert("rb_1", "req_1", "req_4", NOON);
    insert("rb_2", "req_3", "req_6", NOON.plusSeconds(5));
    insert("rb_3", "req_7", "req_8", NOON.plusSeconds(9));
    assertThat(deleteBefore(NOON.plusSeconds(9), 1)).isEqualTo(1);
    assertThat(deleteBefore(NOON.plusSeconds(9), 10)).isEqualTo(1);
    assertThat(before("", 10)).containsExactly("rb_3");
  }

  @Test
  void theJournalsPositionsAreKept() {
    store.write(tables -> {
      tables.requests().journalPosition("seg_1", 100);
      tables.requests().journalPosition("seg_2", 5);
      tables.requests().journalPosition("seg_1", 200);
      tables.requests().forgetJournal("seg_2");
      return 0;
    });
    Map<String, Integer> positions = store.read(tables -> tables.requests().journalPositions());
    assertThat(positions).isEqualTo(Map.of("seg_1", 200));
  }

  @Test
  void sumsGrowAndAreToldApartAsAsked() {
    add(row(NOON, "aigk_1", "gpt-4o", 2, 10), row(NOON, "aigk_2", "gpt-4o", 5, 1));
    add(row(NOON, "aigk_1", "gpt-4o", 2, 5), row(NOON.plusSeconds(3600), "aigk_1", "o3", 2, 4));

    UsageRow all = sums(Map.of(), Set.of()).getFirst();
    assertThat(all.requests()).isEqualTo(20);
    assertThat(all.errors()).isEqualTo(1);
    assertThat(all.tokensIn()).isEqualTo(200);
    assertThat(all.took()[3]).isEqualTo(20);

    assertThat(sums(Map.of(), Set.of(Dimension.KEY)))
        .extracting(UsageRow::keyId, UsageRow::requests)
        .containsExactly(tuple("aigk_1", 19L), tuple("aigk_2", 1L));
    assertThat(sums(Map.of(Dimension.KEY, "aigk_1"), Set.of(Dimension.BUCKET)))
        .extracting(UsageRow::bucket, UsageRow::requests)
        .containsExactlyInAnyOrder(tuple(NOON, 15L), tuple(NOON.plusSeconds(3600), 4L));
    assertThat(sums(Map.of(Dimension.KEY, "' or 1 = 1"), Set.of()).getFirst().requests()).isZero();
  }

  /** More than are handed to the database at once, and exactly as many as it takes in turns. */
  @ParameterizedTest
  @ValueSource(ints = {100, 120})
  void allOfManySumsAreAdded(int keys) {
    UsageRow[] rows =
        IntStream.range(0, keys)
            .mapToObj(key -> row(NOON, "aigk_" + key, "gpt-4o", 2, 1))
            .toArray(UsageRow[]::new);
    add(rows);
    add(rows);
    assertThat(sums(Map.of(), Set.of()).getFirst().requests()).isEqualTo(2L * keys);
    assertThat(sums(Map.of(Dimension.KEY, "aigk_" + (keys - 1)), Set.of()).getFirst().requests())
        .isEqualTo(2);
  }

  @Test
  void oldSumsGo() {
    add(row(NOON, "aigk_1", "gpt-4o", 2, 10), row(NOON.plusSeconds(3600), "aigk_1", "o3", 2, 4));
    store.write(tables -> {
      tables.usage().deleteBefore(Span.HOUR, NOON.plusSeconds(3600));
      return 0;
    });
    assertThat(sums(Map.of(), Set.of()).getFirst().requests()).isEqualTo(4);
  }

  private List<UsageRow> sums(Map<Dimension, String> only, Set<Dimension> apartBy) {
    Question question = new Question(Span.HOUR, NOON, NOON.plusSeconds(86_400), only, apartBy);
    return store.read(tables -> tables.usage().sums(question, 10));
  }

  private void add(UsageRow... rows) {
    store.write(tables -> {
      tables.usage().add(Span.HOUR, List.of(rows));
      return 0;
    });
  }

  private static UsageRow row(
      Instant bucket, String key, String model, int statusClass, long requests) {
    long[] took = new long[UsageRow.STEPS];
    took[3] = requests;
    return new UsageRow(
        bucket,
        "ep_1",
        key,
        "openai",
        model,
        statusClass,
        requests,
        0,
        requests * 10,
        7,
        0,
        1000,
        5,
        took,
        new long[UsageRow.STEPS]);
  }

  private void insert(String id, String firstId, String lastId, Instant at) {
    store.write(tables -> {
      tables
          .requests()
          .insert(
              new RequestBatchRow(
                  id, firstId, lastId, at.minusSeconds(1), at, 3, new byte[] {1, 2, 3}));
      return 0;
    });
  }

  private int deleteBefore(Instant instant, int limit) {
    return store.write(tables -> tables.requests().deleteBefore(instant, limit));
  }

  private List<String> before(String id, int limit) {
    return store.read(
        tables -> tables.requests().before(id, limit).stream().map(RequestBatchRow::id).toList());
  }

  private List<String> holding(String id) {
    return store.read(
        tables -> tables.requests().holding(id).stream().map(RequestBatchRow::id).toList());
  }
}
