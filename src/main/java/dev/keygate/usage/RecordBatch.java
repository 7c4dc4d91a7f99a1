package dev.keygate.usage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Many records in one piece, compressed. */
public final class RecordBatch {
  private static final int MAX_RECORD = 1 << 20;
  private static final int USUAL_RECORD = 100;

  private RecordBatch() {}

  /** Packs records. Keeps what it needs for that from call to call; not for several threads. */
  public static final class Packer {
    private final RecordWriter writer = new RecordWriter();

    /** The records in one piece. */
    public byte[] pack(List<RequestRecord> records) {
      writer.startAnew();
      // All at once: each call of the compressor costs as much as a record.
      ByteArrayOutputStream plain = new ByteArrayOutputStream(USUAL_RECORD * records.size());
      try (DataOutputStream out = new DataOutputStream(plain)) {
        for (RequestRecord record : records) {
          int length = writer.write(record);
          out.writeInt(length);
          out.write(writer.bytes(), 0, length);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e); // memory does not fail so
      }
      return deflated(plain.toByteArray());
    }

    private static byte[] deflated(byte[] plain) {
      ByteArrayOutputStream packed = new ByteArrayOutputStream(plain.length / 2);
      Deflater deflater = new Deflater(Deflater.BEST_SPEED);
      try (DeflaterOutputStream out = new DeflaterOutputStream(packed, deflater, 64 * 1024)) {
        out.write(plain);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // nor here
      } finally {
        deflater.end();
      }
      return packed.toByteArray();
    }
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
