package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.Store;
import dev.keygate.store.StoreException;
import dev.keygate.usage.Journal;
import dev.keygate.usage.RequestLog;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class UsageTasksTest {
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final int FILES = 5;
  private static final int FILE_SIZE = 4 * 1024 * 1024;

  private final Identifiers identifiers = new Identifiers(InstantSource.system());

  @Test
  @Timeout(60) // interrupts
  void thereIsRoomInTheJournalWhileTheStoreDoesNotAnswer(@TempDir Path directory) throws Exception {
    int ofAFile = recordsOfAFile(directory.resolve("one"));
    Journal journal = journal(directory.resolve("all"));
    RequestLog.Lane lane = journal.lane();
    SilentStore store = new SilentStore();
    UsageWriter usage = new UsageWriter(store, journal, identifiers, System::nanoTime);
    try (Closing parts = new Closing()) {
      UsageTasks.start(parts, new Scheduling(), journal, usage, PAUSE);
      parts.add(store.answers::countDown);
      lane.append(record());
      store.asked.await(); // by who has the turn to write, and keeps it
      for (int file = 1; file < FILES; file++) {
        while (files(directory.resolve("all")) <= file) {
          assertThat(Thread.interrupted()).as("no room in a minute").isFalse();
          Thread.onSpinWait();
        }
        for (int i = 0; i < ofAFile; i++) {
          lane.append(record());
        }
      }
      assertThat(journal.lost()).isZero();
    }
  }

  private Journal journal(Path directory) throws IOException {
    return Journal.open(directory, () -> identifiers.next("seg"));
  }

  private int recordsOfAFile(Path directory) throws IOException {
    Journal journal = journal(directory);
    RequestLog.Lane lane = journal.lane();
    int records = -1;
    while (journal.lost() == 0) {
      lane.append(record());
      records++;
    }
    return records;
  }

  /** Files that have all their bytes: they are to be used long before the last one is full. */
  private static long files(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".journal"))
          .filter(file -> file.toFile().length() == FILE_SIZE)
          .count();
    }
  }

  private static RequestRecord record() {
    return UsageWriterTest.record("req_000000000000000000000000001", "aigk_1", Routed.NOWHERE);
  }

  /** One that is asked to write, and does not answer until the end. */
  private static final class SilentStore implements Store {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);

    @Override
    public <T> T read(Work<T> work) {
      throw new StoreException("away");
    }

    @Override
    public <T> T write(Work<T> work) {
      asked.countDown();
      try {
        answers.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new StoreException("away");
    }

    @Override
    public void close() {}
  }
}
