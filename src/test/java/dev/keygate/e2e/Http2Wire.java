package dev.keygate.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/2 in clear text, frame by frame: header blocks hold what a test says, in its order, whatever
 * an HTTP/2 client would make of it.
 */
final class Http2Wire implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 20_000;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int PRIORITY = 32;
  private static final int PRIORITY_BYTES = 5;

  private final Socket socket;
  private final DataInputStream in;
  private final DefaultHttp2HeadersDecoder decoder = new DefaultHttp2HeadersDecoder();
  private int stream = 1;

  /** A field of a header block; Latin-1. */
  record Field(String name, String value) {}

  Http2Wire(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(PATIENCE_MILLIS);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(ISO_8859_1));
    frame(SETTINGS, 0, 0, new byte[0]);
  }

  /** Sends a request without body; the answer's status, or 0 when the gateway gave it up. */
  int request(Iterable<Field> fields) {
    return request(fields, null, null);
  }

  /**
   * Sends a request.
   *
   * @param body null for none
   * @param trailers null for none
   * @return the answer's status, or 0 when the gateway gave the stream or the connection up
   */
  int request(Iterable<Field> fields, @Nullable String body, @Nullable Iterable<Field> trailers) {
    int id = stream;
    stream += 2;
    try {
      boolean isAll = body == null && trailers == null;
      frame(HEADERS, END_HEADERS | (isAll ? END_STREAM : 0), id, block(fields));
      if (body != null) {
        frame(DATA, trailers == null ? END_STREAM : 0, id, body.getBytes(ISO_8859_1));
      }
      if (trailers != null) {
        frame(HEADERS, END_HEADERS | END_STREAM, id, block(trailers));
      }
    } catch (IOException gone) {
      // what was answered before is read below
    }
    return status(id);
  }

  private int status(int id) {
    try {
      while (true) {
        int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int from = in.readInt();
        byte[] payload = in.readNBytes(length);
        if (type == HEADERS) {
          int skipped = (flags & PRIORITY) == 0 ? 0 : PRIORITY_BYTES;
          Http2Headers headers =
              decoder.decodeHeaders(
                  from, Unpooled.wrappedBuffer(payload, skipped, length - skipped));
          if (from == id) {
            return Integer.parseInt(headers.status().toString());
          }
        } else if (type == GOAWAY || (type == RST_STREAM && from == id)) {
          return 0;
        }
      }
    } catch (EOFException | SocketException closed) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (Http2Exception e) {
      throw new AssertionError(e);
    }
  }

  private void frame(int type, int flags, int id, byte[] payload) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(payload.length >>> 16);
    frame.write(payload.length >>> 8);
    frame.write(payload.length);
    frame.write(type);
    frame.write(flags);
    for (int shift = 24; shift >= 0; shift -= 8) {
      frame.write(id >>> shift);
    }
    frame.writeBytes(payload);
    socket.getOutputStream().write(frame.toByteArray());
  }

  /** Literals without indexing and without Huffman coding (RFC 7541 section 6.2.2). */
  private static byte[] block(Iterable<Field> fields) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    for (Field field : fields) {
      block.write(0);
      text(block, field.name());
      text(block, field.value());
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      block.write((length - 127) % 128 | (length - 127 >= 128 ? 128 : 0));
      if (length - 127 >= 128) {
        block.write((length - 127) / 128);
      }
    }
    block.writeBytes(text.getBytes(ISO_8859_1));
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
