package dev.keygate.usage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the journal: records one after the other, written through memory, so that what was
 * written is there when the process is killed the moment after. One thread writes and another
 * reads. A record is its length, its CRC-32C and its bytes, from a multiple of four on; the length
 * is written last, and says that all of the rest is there. The first stands for itself, and each
 * other may refer to the one before.
 */
final class Segment {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

  static final String SUFFIX = ".journal";

  /** Bytes of a file. */
  static final int SIZE = 4 * 1024 * 1024;

  /** Bytes that are zeroed at once, which the system does without a break. */
  private static final int PIECE = 64 * 1024;

  private static final int HEAD = 8;
  private static final int SEALED = -1;
  private static final VarHandle LENGTH =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final Arena mapping;
  private final ByteBuffer memory;
  private final boolean isLeftOver;
  private int writeAt; // the writing thread's
  private int readAt; // the reading thread's, as is what follows
  private RecordReader reader = new RecordReader();

  private Segment(Path file, Arena mapping, MemorySegment memory, boolean isLeftOver) {
    this.file = file;
    this.mapping = mapping;
    this.memory = memory.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    this.isLeftOver = isLeftOver;
  }

  /**
   * A new one, its disk space taken: a full disk shows here, and not when a record is written.
   *
   * @param between run after each of the pieces in which the space is taken
   */
  @SuppressWarnings("MustBeClosedChecker") // unmap closes it
  static Segment create(Path directory, String name, Runnable between) throws IOException {
    Path file = directory.resolve(name + SUFFIX);
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      ByteBuffer zeros = ByteBuffer.allocateDirect(PIECE);
      for (int at = 0; at < SIZE; at += PIECE) {
        channel.write(zeros.clear(), at);
        between.run();
      }
      Arena mapping = Arena.ofShared();
      return new Segment(
          file, mapping, channel.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, mapping), false);
    } catch (IOException e) {
      Files.deleteIfExists(file);
      throw e;
    }
  }

  /** One that an earlier process left behind; to read only. */
  @SuppressWarnings("MustBeClosedChecker") // unmap closes it
  static Segment leftOver(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Arena mapping = Arena.ofShared();
      long size = channel.size();
      return new Segment(
          file, mapping, channel.map(FileChannel.MapMode.READ_ONLY, 0, size, mapping), true);
    }
  }

  String name() {
    String name = file.getFileName().toString();
    return name.substring(0, name.length() - SUFFIX.length());
  }

  /** Writes a record; false, and never true again, when there is no room for it. */
  boolean append(byte[] bytes, int length) {
    int next = after(writeAt, length);
    if (next > SIZE - Integer.BYTES) {
      LENGTH.setRelease(memory, writeAt, SEALED);
      return false;
    }
    memory.put(writeAt + HEAD, bytes, 0, length);
    memory.putInt(writeAt + Integer.BYTES, checksum(bytes, length));
    LENGTH.setRelease(memory, writeAt, length);
    writeAt = next;
    return true;
  }

  /** Where the reader is: all before it was read. */
  int position() {
    return readAt;
  }

  /** Puts the reader where an earlier one had been. */
  void position(int at) {
    readAt = 0;
    reader = new RecordReader();
    while (readAt < at && isMore()) {
      try {
        next();
      } catch (IllegalArgumentException unreadable) {
        LOG.debug("a record of {} was passed before, too", name(), unreadable);
      }
    }
  }

  /** Whether there is a record that was not read yet. */
  boolean isMore() {
    int length = lengthAt(readAt);
    return length > 0
        && after(readAt, length) <= memory.capacity()
        // Half written when the machine stopped, it is none.
        && checksum(memory.slice(readAt + HEAD, length)) == memory.getInt(readAt + Integer.BYTES);
  }

  /**
   * The next record, when there {@linkplain #isMore is more}. One that cannot be read is passed.
   *
   * @throws IllegalArgumentException if it cannot be read
   */
  RequestRecord next() {
    byte[] bytes = new byte[lengthAt(readAt)];
    memory.get(readAt + HEAD, bytes);
    readAt = after(readAt, bytes.length);
    return reader.read(bytes);
  }

  /** Whether nothing will come any more, when there {@linkplain #isMore is no more}. */
  boolean isOver() {
    return isLeftOver || lengthAt(readAt) == SEALED;
  }

  void delete() throws IOException {
    Files.deleteIfExists(file);
  }

  /** Gives the memory back; nobody writes or reads it any more. */
  void unmap() {
    mapping.close();
  }

  private int lengthAt(int at) {
    return at + Integer.BYTES > memory.capacity() ? SEALED : (int) LENGTH.getAcquire(memory, at);
  }

  private static int after(int at, int length) {
    return at + HEAD + ((length + 3) & ~3);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }
}
