package dev.keygate.usage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.Deflater;

/**
 * Makes batches of many records each, compressed, little by little: {@link #add} as often as there
 * are some, then {@link #finish}, and again, until {@link #clear}. What is packed is kept in one
 * place that is used again and again: as pieces of their own they would live just long enough to be
 * taken for lasting, and fill the heap with what nobody needs. Not for use from several threads.
 */
public final class RecordPacker {
  private static final int USUAL_RECORD = 100;

  private final RecordWriter writer = new RecordWriter();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private final byte[] part = new byte[16 * 1024];
  private final Place place = new Place();
  private final List<Packed> batches = new ArrayList<>();
  private int start;
  private int count;
  private String firstId = "";
  private String lastId = "";
  private long firstMillis;
  private long lastMillis;

  /**
   * A batch.
   *
   * @param firstId the smallest of its ids
   * @param firstAt when the earliest of its requests began
   * @param lastAt when the last of them ended
   * @param bytes what it is, copied at each call; not to be called once the packer was cleared
   */
  public record Packed(
      String firstId,
      String lastId,
      Instant firstAt,
      Instant lastAt,
      int count,
      Supplier<byte[]> bytes) {}

  /** Where packed bytes are. */
  private static final class Place extends ByteArrayOutputStream {
    byte[] copy(int from, int to) {
      return Arrays.copyOfRange(buf, from, to);
    }
  }

  /** How many records there are in the batch so far. */
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
      place.write(part, 0, deflater.deflate(part));
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

  /** The batches that were finished, oldest first. */
  public List<Packed> batches() {
    return List.copyOf(batches);
  }

  /** Forgets all batches that were finished; there must be no other. */
  public void clear() {
    batches.clear();
    place.reset();
    start = 0;
  }

  /** Ends the batch, if there is a record in it; the next record begins another. */
  public void finish() {
    if (count == 0) {
      return;
    }
    deflater.finish();
    while (!deflater.finished()) {
      place.write(part, 0, deflater.deflate(part));
    }
    int from = start;
    int to = place.size();
    batches.add(
        new Packed(
            firstId,
            lastId,
            Instant.ofEpochMilli(firstMillis),
            Instant.ofEpochMilli(lastMillis),
            count,
            () -> place.copy(from, to)));
    start = to;
    deflater.reset();
    writer.startAnew();
    count = 0;
  }
}
