package dev.keygate.usage;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.InflaterInputStream;

/** Many records in one piece, as {@link RecordPacker} makes it. */
public final class RecordBatch {
  private static final int MAX_RECORD = 1 << 20;

  private RecordBatch() {}

  /**
   * The records of a batch, in the order in which they ended.
   *
   * @throws IllegalArgumentException if it holds something else
   */
  public static List<RequestRecord> unpack(byte[] packed, int count) {
    return packed.length > 0 && packed[0] == RecordPacker.IDS_APART
        ? unpackWithIdsApart(packed, count)
        : unpack(packed, 0, packed.length, count, record -> record);
  }

  private static List<RequestRecord> unpackWithIdsApart(byte[] packed, int count) {
    int end = packed.length - Integer.BYTES;
    int length = end < 1 ? -1 : ByteBuffer.wrap(packed).getInt(end);
    if (length < 0 || length >= end) {
      throw new IllegalArgumentException("ids of " + length + " bytes");
    }
    IdReader ids = new IdReader(packed, end - length, end);
    return unpack(packed, 1, end - length, count, record -> record.withId(ids.next()));
  }

  private static List<RequestRecord> unpack(
      byte[] packed, int from, int to, int count, UnaryOperator<RequestRecord> named) {
    List<RequestRecord> records = new ArrayList<>(count);
    RecordReader reader = new RecordReader();
    try (DataInputStream in =
        new DataInputStream(
            new InflaterInputStream(new ByteArrayInputStream(packed, from, to - from)))) {
      for (int i = 0; i < count; i++) {
        int length = in.readInt();
        if (length < 0 || length > MAX_RECORD) {
          throw new IllegalArgumentException("a record of " + length + " bytes");
        }
        records.add(named.apply(reader.read(in.readNBytes(length))));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("no batch of records", e);
    }
    return records;
  }
}
