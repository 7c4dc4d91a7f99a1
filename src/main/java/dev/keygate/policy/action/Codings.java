package dev.keygate.policy.action;

import dev.keygate.policy.expression.EvaluationException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Content codings (RFC 9110 section 8.4.1) of bodies that rules read. */
final class Codings {
  /** Largest body that rules read, decoded: 32 MiB. */
  static final int MAX_BYTES = 32 * 1024 * 1024;

  private Codings() {}

  /**
   * The body's coding in lower case, or empty when it is plain. Several lines are one list of
   * codings (RFC 9110 section 5.3).
   */
  static String of(MultiMap headers) {
    String codings = String.join(",", headers.getAll("content-encoding"));
    String name = codings.trim().toLowerCase(Locale.ROOT);
    return name.equals("identity") ? "" : name;
  }

  /**
   * The body without its coding.
   *
   * @param coding as {@link #of} has it
   * @throws EvaluationException if the coding is another than gzip or deflate, the bytes are not so
   *     coded, or there are too many: what a rule cannot read it cannot let pass
   */
  static Buffer decoded(Buffer body, String coding) {
    return switch (coding) {
      case "" -> body;
      case "gzip", "x-gzip" -> inflated(body, GZIPInputStream::new);
      case "deflate" -> inflated(body, InflaterInputStream::new);
      default -> throw new EvaluationException("a body in a coding other than gzip or deflate");
    };
  }

  /** Opens a stream over coded bytes. */
  private interface Opener {
    InputStream open(InputStream coded) throws IOException;
  }

  private static Buffer inflated(Buffer body, Opener opener) {
    Buffer plain = Buffer.buffer(body.length() * 2);
    try (InputStream stream = opener.open(new ByteArrayInputStream(body.getBytes()))) {
      byte[] part = new byte[16 * 1024];
      for (int read = stream.read(part); read >= 0; read = stream.read(part)) {
        plain.appendBytes(part, 0, read);
        if (plain.length() > MAX_BYTES) {
          throw new EvaluationException("a body of more than " + MAX_BYTES + " bytes, decoded");
        }
      }
    } catch (IOException malformed) {
      throw new EvaluationException("a body that is not in the coding its header names");
    }
    return plain;
  }
}
