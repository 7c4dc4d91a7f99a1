package dev.keygate.gateway;

import dev.keygate.address.Cidr;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * The header with which a proxy says whose connection it passes on (HAProxy's "The PROXY protocol,
 * versions 1 and 2"). Reads only what the specification has, byte for byte; whatever else comes
 * first on a connection is malformed.
 */
final class ProxyHeader {
  /** Longest header of version 1, with its line end (section 2.1). */
  private static final int MAX_LINE = 107;

  /** Longest addresses and extensions of version 2; those in use take less than half of it. */
  static final int MAX_EXTENSIONS = 2048;

  private static final int FIXED = 16;
  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] WORD = "PROXY ".getBytes(StandardCharsets.US_ASCII);
  private static final int TCP_OVER_IPV4 = 0x11;
  private static final int TCP_OVER_IPV6 = 0x21;
  private static final Pattern PORT = Pattern.compile("0|[1-9]\\d{0,4}");

  private ProxyHeader() {}

  /** What the first bytes of a connection are. */
  sealed interface Reading {}

  /** The beginning of a header. */
  record Incomplete() implements Reading {}

  /** No header, or one that names no TCP addresses though it speaks for somebody. */
  record Malformed() implements Reading {}

  /**
   * A header of {@code length} bytes.
   *
   * @param said the two ends of the connection that is passed on, or none: the connection is the
   *     proxy's own
   */
  record Complete(int length, Said said) implements Reading {}

  /** Whose connection it is. */
  sealed interface Said {}

  record OwnConnection() implements Said {}

  record PassedOn(InetSocketAddress source, InetSocketAddress destination) implements Said {}

  private static final Reading INCOMPLETE = new Incomplete();
  private static final Reading MALFORMED = new Malformed();
  private static final Said OWN = new OwnConnection();

  /** Reads what has come so far; moves no index. */
  static Reading read(ByteBuf in) {
    if (!in.isReadable()) {
      return INCOMPLETE;
    }
    return in.getByte(in.readerIndex()) == SIGNATURE[0] ? binary(in) : line(in);
  }

  private static Reading line(ByteBuf in) {
    if (!begins(in, WORD)) {
      return MALFORMED;
    }
    int start = in.readerIndex();
    int length = Math.min(in.readableBytes(), MAX_LINE);
    int newline = ByteBufUtil.indexOf(in, start, start + length, (byte) '\n');
    if (newline < 0) {
      return length < MAX_LINE ? INCOMPLETE : MALFORMED;
    }
    if (in.getByte(newline - 1) != '\r') {
      return MALFORMED;
    }
    String line = in.toString(start, newline - 1 - start, StandardCharsets.ISO_8859_1);
    int read = newline + 1 - start;
    String[] fields = line.split(" ", -1);
    if (fields[1].equals("UNKNOWN")) {
      return new Complete(read, OWN);
    }
    boolean isKnown = fields[1].equals("TCP4") || fields[1].equals("TCP6");
    return isKnown && fields.length == 6 ? passedOn(fields, read) : MALFORMED;
  }

  private static Reading passedOn(String[] fields, int length) {
    try {
      boolean isIpv6 = fields[1].equals("TCP6");
      return new Complete(
          length,
          new PassedOn(
              new InetSocketAddress(address(fields[2], isIpv6), port(fields[4])),
              new InetSocketAddress(address(fields[3], isIpv6), port(fields[5]))));
    } catch (IllegalArgumentException malformed) {
      return MALFORMED;
    }
  }

  private static InetAddress address(String text, boolean isIpv6) {
    if (isIpv6 != text.indexOf(':') >= 0) {
      throw new IllegalArgumentException("an address of the other family");
    }
    return Cidr.address(text);
  }

  private static int port(String text) {
    int port = PORT.matcher(text).matches() ? Integer.parseInt(text) : -1;
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("no port");
    }
    return port;
  }

  private static Reading binary(ByteBuf in) {
    if (!begins(in, SIGNATURE)) {
      return MALFORMED;
    }
    if (in.readableBytes() < FIXED) {
      return INCOMPLETE;
    }
    int start = in.readerIndex();
    int command = in.getUnsignedByte(start + 12);
    int family = in.getUnsignedByte(start + 13);
    int length = in.getUnsignedShort(start + 14);
    boolean isOwn = command == 0x20;
    int needed = isOwn ? 0 : addressBytes(family);
    if ((!isOwn && command != 0x21) || needed < 0 || length < needed || length > MAX_EXTENSIONS) {
      return MALFORMED;
    }
    if (in.readableBytes() < FIXED + length) {
      return INCOMPLETE;
    }
    return new Complete(FIXED + length, isOwn ? OWN : passedOn(in, start + FIXED, needed));
  }

  /** Bytes of two addresses and two ports, or -1 for families that no client of ours has. */
  private static int addressBytes(int family) {
    return switch (family) {
      case TCP_OVER_IPV4 -> 12;
      case TCP_OVER_IPV6 -> 36;
      default -> -1;
    };
  }

  private static Said passedOn(ByteBuf in, int at, int needed) {
    int size = (needed - 4) / 2;
    return new PassedOn(
        new InetSocketAddress(address(in, at, size), in.getUnsignedShort(at + 2 * size)),
        new InetSocketAddress(
            address(in, at + size, size), in.getUnsignedShort(at + 2 * size + 2)));
  }

  /** An IPv4-mapped IPv6 address becomes the IPv4 one. */
  private static InetAddress address(ByteBuf in, int at, int size) {
    byte[] bytes = ByteBufUtil.getBytes(in, at, size);
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** Whether what is here does not differ from {@code expected}, as far as both go. */
  private static boolean begins(ByteBuf in, byte[] expected) {
    int length = Math.min(in.readableBytes(), expected.length);
    for (int at = 0; at < length; at++) {
      if (in.getByte(in.readerIndex() + at) != expected[at]) {
        return false;
      }
    }
    return true;
  }
}
