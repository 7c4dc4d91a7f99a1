package dev.keygate.usage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.zip.Deflater;

/**
 * Makes one piece of many records, compressed, little by little: {@link #add} as often as there are
 * some, then {@link #finish}, and again. Not for use from several threads.
 */
public final class RecordPacker {
  private static final int USUAL_RECORD = 100;

  private final RecordWriter writer = new RecordWriter();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final byte[] part = new byte[16 * 1024];
  private final ByteArrayOutputStream packed = new ByteArrayOutputStream();
  private int count;
  private String firstId = "";
  private String lastId = "";
  private long firstMillis;
  private long lastMillis;

  /**
   * Records in one piece.
   *
   * @param firstId the smallest of their ids
   * @param firstAt when the earliest of them began
   * @param lastAt when the last of them ended
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record Packed(
      String firstId, String lastId, Instant firstAt, Instant lastAt, int count, byte[] bytes) {}

  /** How many records there are in the piece so far. */
  public int count() {
    return count;
  }

  /** Adds records. */
  public void add(List<RequestRecord> records) {
    // One call of the compressor for all of them: it costs as much as a record.
    ByteArrayOutputStream plain = new ByteArrayOutputStream(USUAL_RECORD * records.size());
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    for (RequestRecord record : records) {
      note(record);
      int written = writer.write(record);
      plain.writeBytes(length.putInt(0, written).array());
      plain.write(writer.bytes(), 0, written);
    }
    deflater.setInput(plain.toByteArray());
    while (!deflater.needsInput()) {
      packed.write(part, 0, deflater.deflate(part));
    }
  }

  private void note(RequestRecord record) {
    boolean isFirst = count++ == 0;
    if (isFirst || record.id().compareTo(firstId) < 0) {
      firstId = record.id();
    }
    if (isFirst || record.id().compareTo(lastId) > 0) {
      lastId = record.id();
    }
    firstMillis = isFirst ? record.startMillis() : Math.min(firstMillis, record.startMillis());
    lastMillis = isFirst ? record.endMillis() : Math.max(lastMillis, record.endMillis());
  }

  /** The piece, of at least one record; the next record begins another. */
  public Packed finish() {
    deflater.finish();
    while (!deflater.finished()) {
      packed.write(part, 0, deflater.deflate(part));
    }
    Packed made =
        new Packed(
            firstId,
            lastId,
            Instant.ofEpochMilli(firstMillis),
            Instant.ofEpochMilli(lastMillis),
            count,
            packed.toByteArray());
    deflater.reset();
    packed.reset();
    writer.startAnew();
    count = 0;
    return made;
  }
}
