package dev.keygate.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Nothing here is flushed or closed: what is found afterwards is what a killed process leaves. */
class JournalTest {
  @TempDir private Path directory;
  private final AtomicInteger names = new AtomicInteger();

  @Test
  void whatWasAppendedIsReadOnce() throws IOException {
    Journal journal = open(directory);
    RequestLog.Lane lane = journal.lane();
    append(lane, 0, 5);
    assertThat(read(journal, 3)).containsExactlyElementsOf(ids(0, 3));
    append(lane, 5, 6);
    assertThat(read(journal, 100)).containsExactlyElementsOf(ids(3, 6));
    assertThat(journal.next(100)).isNull();
  }

  @Test
  void aKilledProcessLosesNothing() throws IOException {
    Journal killed = open(directory);
    RequestLog.Lane lane = killed.lane();
    append(lane, 0, 1000);
    append(killed.lane(), 1000, 1500);
    Journal.Chunk stored = killed.next(400);
    assertThat(stored).isNotNull();

    Journal next = open(copied());
    next.resume(Map.of(stored.segment(), stored.to()));
    List<String> left = new ArrayList<>();
    for (Journal.Chunk chunk = next.next(333); chunk != null; chunk = next.next(333)) {
      left.addAll(ids(chunk));
      if (chunk.isLast()) {
        next.passBy(chunk);
        next.forget(chunk);
      }
    }
    assertThat(left).containsExactlyElementsOf(ids(400, 1500));
    assertThat(journalFiles(directory.resolve("copy/1"))).isEmpty();
  }

  @Test
  void aRecordThatIsHalfThereIsNotReadNorWhatFollows() throws IOException {
    Journal killed = open(directory);
    append(killed.lane(), 0, 3);
    Path copy = copied();
    Path file = journalFiles(copy.resolve("1")).getFirst();
    int length = new RecordWriter().write(Records.numbered(0));
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      int second = 8 + ((length + 3) & ~3);
      bytes.seek(second + 8 + 20);
      bytes.write(0x55);
    }
    assertThat(read(open(copy), 100)).containsExactlyElementsOf(ids(0, 1));
  }

  @Test
  void filesFollowEachOtherAndTheFullOnesGo() throws IOException {
    Journal journal = open(directory);
    RequestLog.Lane lane = journal.lane();
    List<String> read = new ArrayList<>();
    int appended = 0;
    for (int file = 0; file < 3; file++) {
      journal.prepare();
      append(lane, appended, appended + 40_000);
      appended += 40_000;
      for (Journal.Chunk chunk = journal.next(2000); chunk != null; chunk = journal.next(2000)) {
        read.addAll(ids(chunk));
        if (chunk.isLast()) {
          journal.passBy(chunk);
          journal.forget(chunk);
        }
      }
    }
    assertThat(read).hasSize(appended).doesNotHaveDuplicates();
    assertThat(journal.lost()).isZero();
    assertThat(journalFiles(directory.resolve("1"))).hasSizeLessThanOrEqualTo(3);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFileThatWasReadTakesNoMemoryButStaysUntilItIsForgotten() throws IOException {
    Journal journal = open(directory);
    RequestLog.Lane lane = journal.lane();
    journal.prepare();
    append(lane, 0, 80_000);
    Journal.Chunk chunk = journal.next(80_000);
    assertThat(chunk).isNotNull().matches(Journal.Chunk::isLast);
    assertThat(mapped(chunk)).isTrue();

    journal.passBy(chunk);
    journal.prepare();
    assertThat(mapped(chunk)).isFalse();
    assertThat(file(chunk)).exists();

    journal.forget(chunk);
    assertThat(file(chunk)).doesNotExist();
  }

  @Test
  void whatHasNoRoomIsCountedAsLost() throws IOException {
    Journal journal = open(directory);
    RequestLog.Lane lane = journal.lane();
    append(lane, 0, 400_000); // nobody gives it room meanwhile
    List<String> read = new ArrayList<>();
    for (Journal.Chunk chunk = journal.next(9999); chunk != null; chunk = journal.next(9999)) {
      read.addAll(ids(chunk));
      if (chunk.isLast()) {
        journal.passBy(chunk);
        journal.forget(chunk);
      }
    }
    assertThat(journal.lost()).isPositive();
    assertThat(read.size() + journal.lost()).isEqualTo(400_000);
    journal.prepare();
    append(lane, 7, 8);
    assertThat(read(journal, 10)).containsExactlyElementsOf(ids(7, 8));
  }

  @Test
  void nodesThatShareADirectoryHaveFilesOfTheirOwn() throws IOException {
    Journal one = open(directory);
    append(one.lane(), 0, 1);
    Journal other = open(directory);
    append(other.lane(), 1, 2);
    assertThat(read(other, 10)).containsExactlyElementsOf(ids(1, 2));
    assertThat(read(one, 10)).containsExactlyElementsOf(ids(0, 1));
  }

  @Test
  void aJournalThatWasStoredLeavesNoFile() throws IOException {
    Journal journal = open(directory);
    append(journal.lane(), 0, 2);
    assertThat(read(journal, 10)).hasSize(2);
    assertThat(journal.clear()).hasSize(1);
    assertThat(journalFiles(directory.resolve("1"))).isEmpty();
  }

  @Test
  void whatWasNotStoredStaysWhenAllElseGoes() throws IOException {
    Journal journal = open(directory);
    append(journal.lane(), 0, 2);
    assertThat(journal.clear()).isEmpty();
    assertThat(read(open(directory), 10)).containsExactlyElementsOf(ids(0, 2));
  }

  private Journal open(Path where) throws IOException {
    return Journal.open(where, () -> "seg_%05d".formatted(names.incrementAndGet()));
  }

  /** The directory as it is now, as another process would find it. */
  private Path copied() throws IOException {
    Path copy = Files.createDirectories(directory.resolve("copy/1"));
    for (Path file : journalFiles(directory.resolve("1"))) {
      Files.copy(file, copy.resolve(file.getFileName()));
    }
    return directory.resolve("copy");
  }

  private static List<Path> journalFiles(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.filter(file -> file.toString().endsWith(".journal")).sorted().toList();
    }
  }

  private static void append(RequestLog.Lane lane, int from, int to) {
    for (int i = from; i < to; i++) {
      lane.append(Records.numbered(i));
    }
  }

  private static List<String> read(Journal journal, int limit) {
    Journal.Chunk chunk = journal.next(limit);
    return chunk == null ? List.of() : ids(chunk);
  }

  private static List<String> ids(Journal.Chunk chunk) {
    return chunk.records().stream().map(RequestRecord::id).toList();
  }

  private static List<String> ids(int from, int to) {
    List<String> ids = new ArrayList<>();
    for (int i = from; i < to; i++) {
      ids.add(Records.numbered(i).id());
    }
    return ids;
  }

  /** By the kernel's list of what is mapped into this process: proc_pid_maps(5). */
  private boolean mapped(Journal.Chunk chunk) throws IOException {
    return Files.readString(Path.of("/proc/self/maps")).contains(file(chunk).toString());
  }

  private Path file(Journal.Chunk chunk) {
    return directory.resolve("1").resolve(chunk.segment() + ".journal");
  }
}
