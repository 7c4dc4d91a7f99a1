package dev.keygate.usage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.Deflater;

/**
 * Makes batches of many records each, compressed, little by little: {@link #add} as often as there
 * are some, then {@link #finish}, and again, until {@link #clear}. What is packed is kept in one
 * place that is used again and again: as pieces of their own they would live just long enough to be
 * taken for lasting, and fill the heap with what nobody needs. Not for use from several threads.
 *
 * <p>A batch is the byte {@value #IDS_APART}, the records without their ids, compressed, then
 * {@link IdWriter the ids}, and in the last four bytes how long these are.
 */
public final class RecordPacker {
  /** How a batch begins whose ids are apart; before there were such, it was compressed whole. */
  static final int IDS_APART = 1;

  private static final int USUAL_RECORD = 100;

  private final RecordWriter writer = new RecordWriter();
  private final IdWriter ids = new IdWriter();
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
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

  /** Where packed bytes are: in pieces, as many as are needed, none of which is ever copied. */
  private static final class Place {
    private static final int PIECE = 128 * 1024;

    private final List<byte[]> pieces = new ArrayList<>();
    private int size;

    /** Takes what the compressor gives at once, which is not always all that it has. */
    void takeFrom(Deflater deflater) {
      byte[] piece = piece();
      int at = size % PIECE;
      size += deflater.deflate(piece, at, PIECE - at);
    }

    void take(byte[] bytes, int length) {
      for (int from = 0; from < length; ) {
        byte[] piece = piece();
        int at = size % PIECE;
        int part = Math.min(length - from, PIECE - at);
        System.arraycopy(bytes, from, piece, at, part);
        from += part;
        size += part;
      }
    }

    /** The piece in which the next byte comes. */
    private byte[] piece() {
      if (size == PIECE * pieces.size()) {
        pieces.add(new byte[PIECE]);
      }
      return pieces.get(size / PIECE);
    }

    byte[] copy(int from, int to) {
      ByteBuffer copy = ByteBuffer.allocate(to - from);
      for (int at = from; at < to; at += PIECE - at % PIECE) {
        copy.put(pieces.get(at / PIECE), at % PIECE, Math.min(to - at, PIECE - at % PIECE));
      }
      return copy.array();
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
    if (place.size == start) {
      place.take(new byte[] {IDS_APART}, 1);
    }
    for (RequestRecord record : records) {
      note(record);
      ids.add(record.id());
      int written = writer.writeWithoutId(record);
      plain.writeBytes(length.putInt(0, written).array());
      plain.write(writer.bytes(), 0, written);
    }
    deflater.setInput(plain.toByteArray());
    while (!deflater.needsInput()) {
      place.takeFrom(deflater);
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
    place.size = 0;
    start = 0;
  }

  /** Ends the batch, if there is a record in it; the next record begins another. */
  public void finish() {
    if (count == 0) {
      return;
    }
    deflater.finish();
    while (!deflater.finished()) {
      place.takeFrom(deflater);
    }
    place.take(ids.bytes(), ids.length());
    place.take(ByteBuffer.allocate(Integer.BYTES).putInt(ids.length()).array(), Integer.BYTES);
    int from = start;
    int to = place.size;
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
    ids.startAnew();
    count = 0;
  }
}
