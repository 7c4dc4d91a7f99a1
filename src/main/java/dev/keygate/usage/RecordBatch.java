package dev.keygate.usage;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
    List<RequestRecord> records = new ArrayList<>(count);
    RecordReader reader = new RecordReader();
    try (DataInputStream in =
        new DataInputStream(new InflaterInputStream(new ByteArrayInputStream(packed)))) {
      for (int i = 0; i < count; i++) {
        int length = in.readInt();
        if (length < 0 || length > MAX_RECORD) {
          throw new IllegalArgumentException("a record of " + length + " bytes");
        }
        records.add(reader.read(in.readNBytes(length)));
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("no batch of records", e);
    }
    return records;
  }
}
