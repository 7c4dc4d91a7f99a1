package dev.keygate.policy.action;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * Compresses a stream so that each chunk can be read as soon as it has come: what is held back to
 * compress better would be an event that the client waits for.
 */
final class Compression implements ChangedStream.Change {
  private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final CompressResponse.Algorithm algorithm;
  private final CRC32 checksum = new CRC32();
  private final byte[] part = new byte[8 * 1024];

  /** Made with the first bytes: it holds memory that the collector does not see. */
  private @Nullable Deflater deflater;

  Compression(CompressResponse.Algorithm algorithm) {
    this.algorithm = algorithm;
  }

  @Override
  public Buffer next(Buffer chunk) {
    Buffer given = Buffer.buffer();
    Deflater begun = begun(given);
    byte[] bytes = chunk.getBytes();
    checksum.update(bytes);
    begun.setInput(bytes);
    int written;
    do {
      written = begun.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      given.appendBytes(part, 0, written);
    } while (written == part.length);
    return given;
  }

  @Override
  public Buffer last() {
    Buffer given = Buffer.buffer();
    Deflater begun = begun(given);
    begun.finish();
    while (!begun.finished()) {
      given.appendBytes(part, 0, begun.deflate(part));
    }
    if (isGzip()) {
      given.appendIntLE((int) checksum.getValue());
      given.appendIntLE((int) begun.getBytesRead());
    }
    close();
    return given;
  }

  /** Gives the memory back; there is no more to compress. */
  void close() {
    if (deflater != null) {
      deflater.end();
    }
  }

  private Deflater begun(Buffer given) {
    Deflater begun = deflater;
    if (begun == null) {
      begun = new Deflater(Deflater.DEFAULT_COMPRESSION, isGzip());
      deflater = begun;
      if (isGzip()) {
        given.appendBytes(GZIP_HEADER);
      }
    }
    return begun;
  }

  private boolean isGzip() {
    return algorithm == CompressResponse.Algorithm.GZIP;
  }
}
