package dev.keygate.usage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Many records in one piece, compressed: they repeat each other's words. */
public final class RecordBatch {
  private static final int MAX_RECORD = 1 << 20;

  private RecordBatch() {}

  /**
   * One record as the journal has it.
   *
   * @throws IllegalArgumentException if these bytes are none
   */
  public static RequestRecord record(byte[] bytes) {
    return new RecordReader().read(bytes);
  }

  /** The same for many records that are alike: one for each, in the order of their bytes. */
  public static Function<byte[], RequestRecord> reader() {
    return new RecordReader()::read;
  }

  /** Packs records as the journal has them. */
  public static byte[] pack(List<byte[]> records) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.BEST_SPEED);
    try (DataOutputStream out =
        new DataOutputStream(new DeflaterOutputStream(packed, deflater, 8192))) {
      for (byte[] record : records) {
        out.writeInt(record.length);
        out.write(record);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail so
    } finally {
      deflater.end();
    }
    return packed.toByteArray();
  }

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
