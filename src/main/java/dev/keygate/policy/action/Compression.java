package dev.keygate.policy.action;

import io.vertx.core.buffer.Buffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses a stream so that each chunk can be read as soon as it has come: what is held back to
 * compress better would be an event that the client waits for.
 */
final class Compression implements ChangedStream.Change {
  private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private final CompressResponse.Algorithm algorithm;
  private final Deflater deflater;
  private final CRC32 checksum = new CRC32();
  private final byte[] part = new byte[8 * 1024];
  private boolean started;

  Compression(CompressResponse.Algorithm algorithm) {
    this.algorithm = algorithm;
    this.deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, isGzip());
  }

  @Override
  public Buffer next(Buffer chunk) {
    Buffer given = begun();
    byte[] bytes = chunk.getBytes();
    checksum.update(bytes);
    deflater.setInput(bytes);
    int written;
    do {
      written = deflater.deflate(part, 0, part.length, Deflater.SYNC_FLUSH);
      given.appendBytes(part, 0, written);
    } while (written == part.length);
    return given;
  }

  @Override
  public Buffer last() {
    Buffer given = begun();
    deflater.finish();
    while (!deflater.finished()) {
      given.appendBytes(part, 0, deflater.deflate(part));
    }
    if (isGzip()) {
      given.appendIntLE((int) checksum.getValue());
      given.appendIntLE((int) deflater.getBytesRead());
    }
    deflater.end();
    return given;
  }

  private Buffer begun() {
    Buffer given = Buffer.buffer();
    if (!started && isGzip()) {
      given.appendBytes(GZIP_HEADER);
    }
    started = true;
    return given;
  }

  private boolean isGzip() {
    return algorithm == CompressResponse.Algorithm.GZIP;
  }
}
