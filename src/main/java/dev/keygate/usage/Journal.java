package dev.keygate.usage;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What happened to requests, until a writer has taken it to the store: files in the data directory
 * that outlive the process. Each event loop appends to a {@link Lane} of its own and never waits;
 * everything else is called by one other thread at a time, save {@link #prepare}, which another may
 * call meanwhile. Bounded: when the writer does not keep up, or the disk is full, records are lost,
 * counted and spoken of.
 */
public final class Journal implements RequestLog {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  /** Most nodes that share a data directory. */
  private static final int MAX_NODES = 64;

  /** Most files at a time: 256 MiB. */
  private static final int MAX_SEGMENTS = 64;

  /** Files that may wait to be read before reading is behind. */
  private static final int SOME_SEGMENTS = 2;

  private static final long PAUSE_NANOS = 500_000;

  private final Path directory;
  private final Supplier<String> names;
  private final List<Segment> segments = new CopyOnWriteArrayList<>(); // oldest first
  private final List<Segment> passed = new ArrayList<>();
  private final Queue<Segment> mappedInVain = new ConcurrentLinkedQueue<>();
  private final List<Lane> lanes = new CopyOnWriteArrayList<>();
  private final AtomicInteger files = new AtomicInteger();
  private final LongAdder lost = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private long lostBefore;

  private final FileLock lock;

  private Journal(Path directory, FileLock lock, Supplier<String> names) {
    this.directory = directory;
    this.lock = lock;
    this.names = names;
  }

  /**
   * Opens the journal in a directory, with what an earlier process left there. Nodes that share the
   * directory get one below it each.
   *
   * @param names of files, different at each call on any node
   */
  public static Journal open(Path directory, Supplier<String> names) throws IOException {
    Journal journal = null;
    for (int node = 1; journal == null; node++) {
      Path own = Files.createDirectories(directory.resolve(Integer.toString(node)));
      FileLock lock = lock(own.resolve("lock"));
      if (lock != null) {
        journal = new Journal(own, lock, names);
      } else if (node == MAX_NODES) {
        throw new IOException(MAX_NODES + " nodes use " + directory + " already");
      }
    }
    try (Stream<Path> files = Files.list(journal.directory)) {
      for (Path file :
          files.filter(file -> file.toString().endsWith(Segment.SUFFIX)).sorted().toList()) {
        journal.segments.add(Segment.leftOver(file));
      }
    }
    journal.files.set(journal.segments.size());
    return journal;
  }

  /** Null when a living process, this one included, has it. */
  private static @Nullable FileLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      LOG.debug("{} is another node's", file);
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock;
  }

  @Override
  public RequestLog.Lane lane() {
    Lane lane = new Lane();
    lane.prepare(() -> {}); // nobody is to be let through before there is a lane
    lanes.add(lane);
    return lane;
  }

  /** How many records were lost since start. */
  public long lost() {
    return lost.sum() + refused.sum();
  }

  /** Counts records as lost that were read and that the database refuses, and says so. */
  public void refused(int records, String why) {
    refused.add(records);
    LOG.error("{} requests are missing in the request log and in the sums: {}", records, why);
  }

  /** Goes on where the store says that the segments were read to. */
  public void resume(Map<String, Integer> positions) {
    for (Segment segment : segments) {
      segment.position(positions.getOrDefault(segment.name(), segment.position()));
    }
  }

  /**
   * Gives lanes room to go on, gives back what has no use any more, and says when records were
   * lost. With pauses: the system zeroes memory without a break, and who shares its core with an
   * event loop would hold up requests. Not for a thread that waits for a core: to give memory back,
   * which may come long before a collector sees that it is not used, stops all others for a moment.
   */
  public void prepare() {
    for (Segment read = mappedInVain.poll(); read != null; read = mappedInVain.poll()) {
      read.unmap();
    }
    Runnable between = pauseAfterEach(Math.max(1, lanes.size()));
    lanes.forEach(lane -> lane.prepare(between));
    long now = lost.sum();
    if (now > lostBefore) {
      LOG.error(
          "{} requests are missing in the request log: the database does not keep up, or {} is full",
          now - lostBefore,
          directory);
      lostBefore = now;
    }
  }

  /**
   * A pause after as many pieces as there are lanes: one thread makes room for all of them, and
   * where all cores are busy a pause may end a tick of 4 ms late.
   */
  private static Runnable pauseAfterEach(int pieces) {
    AtomicInteger made = new AtomicInteger();
    return () -> {
      if (made.incrementAndGet() % pieces == 0) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    };
  }

  /** Whether so much was not read yet that reading should not wait for anything else. */
  public boolean isLong() {
    return segments.size() > lanes.size() + SOME_SEGMENTS;
  }

  /**
   * Records that came one after the other in one segment.
   *
   * @param from where they begin
   * @param to where they end
   * @param isLast whether the segment has no more, and never will
   */
  public record Chunk(
      String segment, int from, int to, List<RequestRecord> records, boolean isLast) {}

  /** The oldest records that were not read yet, taken for read now; null when there are none. */
  public @Nullable Chunk next(int limit) {
    for (Segment segment : segments) {
      int from = segment.position();
      List<RequestRecord> records = read(segment, limit);
      boolean isLast = !segment.isMore() && segment.isOver();
      if (isLast || segment.position() > from) {
        return new Chunk(segment.name(), from, segment.position(), records, isLast);
      }
    }
    return null;
  }

  private static List<RequestRecord> read(Segment segment, int limit) {
    List<RequestRecord> records = new ArrayList<>();
    int unreadable = 0;
    while (records.size() + unreadable < limit && segment.isMore()) {
      try {
        records.add(segment.next());
      } catch (IllegalArgumentException e) {
        LOG.debug("a record of {} cannot be read", segment.name(), e);
        unreadable++;
      }
    }
    if (unreadable > 0) {
      LOG.warn("{} records of {} cannot be read", unreadable, segment.name());
    }
    return records;
  }

  /**
   * Reads a segment no more that was read to its end. Its memory is given back when {@linkplain
   * #prepare room is made} next, and its file stays until it is forgotten.
   */
  public void passBy(Chunk last) {
    segments.removeIf(segment ->
        segment.name().equals(last.segment()) && passed.add(segment) && mappedInVain.add(segment));
  }

  /** Forgets the file of a segment that was stored to its end. */
  public void forget(Chunk last) {
    passed.removeIf(segment -> segment.name().equals(last.segment()) && deleted(segment));
  }

  private boolean deleted(Segment segment) {
    try {
      segment.delete();
      files.decrementAndGet();
      return true;
    } catch (IOException e) {
      LOG.warn("cannot delete {} of the journal: {}", segment.name(), e.toString());
      return false;
    }
  }

  /**
   * Leaves no file behind, save one that has records yet; for when nobody appends any more.
   *
   * @return the names of the files that are gone
   */
  public List<String> clear() {
    lanes.forEach(Lane::clear);
    List<String> cleared = new ArrayList<>();
    for (Segment segment : segments) {
      if (!segment.isMore() && deleted(segment)) {
        cleared.add(segment.name());
      }
    }
    segments.removeIf(segment -> cleared.contains(segment.name()));
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      LOG.debug("the lock of {} stays until this process ends", directory, e);
    }
    return cleared;
  }

  /** What one event loop appends to. */
  private final class Lane implements RequestLog.Lane {
    private final RecordWriter writer = new RecordWriter();
    private final AtomicReference<@Nullable Segment> spare = new AtomicReference<>();
    private @Nullable Segment current;

    @Override
    public void append(RequestRecord record) {
      int length = writer.write(record);
      Segment segment = current;
      if (segment != null && segment.append(writer.bytes(), length)) {
        return;
      }
      Segment next = spare.getAndSet(null);
      current = next;
      if (next == null) {
        lost.increment();
        return;
      }
      segments.add(next);
      writer.startAnew();
      next.append(writer.bytes(), writer.write(record));
    }

    private void prepare(Runnable between) {
      if (spare.get() != null || files.get() >= MAX_SEGMENTS) {
        return;
      }
      try {
        spare.set(Segment.create(directory, names.get(), between));
        files.incrementAndGet();
      } catch (IOException e) {
        LOG.error("cannot make a file of the journal in {}: {}", directory, e.toString());
      }
    }

    private void clear() {
      Segment unused = spare.getAndSet(null);
      if (unused != null) {
        deleted(unused);
      }
    }
  }
}
