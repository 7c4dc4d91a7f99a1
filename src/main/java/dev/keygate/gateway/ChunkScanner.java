package dev.keygate.gateway;

import io.netty.buffer.ByteBuf;

/**
 * Reads the framing of chunked bodies (RFC 9112 section 7.1) as strictly as the RFC allows: sizes
 * are 1 to 8 hexadecimal digits with nothing around them, lines end in CR LF. Looks at every byte
 * of the framing and at none of the data. One for each connection; belongs to its event loop.
 */
final class ChunkScanner {
  /** What {@link #scan} returns besides the index after the body. */
  static final int INCOMPLETE = -1;

  static final int REFUSED = -2;

  private static final int MAX_DIGITS = 8;

  /** Extensions and trailers are read and thrown away; nobody needs many. */
  private static final int MAX_IGNORED_BYTES = 4096;

  private State state = State.SIZE;
  private long size;
  private int digits;
  private int ignored;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER_NAME,
    TRAILER_VALUE,
    TRAILER_LF,
    END_LF,
    END,
    BAD
  }

  /** Makes ready for the next body. */
  void reset() {
    state = State.SIZE;
    size = 0;
    digits = 0;
    ignored = 0;
  }

  /**
   * Goes on at {@code start}, to the end of the body or of what is here.
   *
   * @return the index after the body, {@link #INCOMPLETE} or {@link #REFUSED}
   */
  int scan(ByteBuf in, int start) {
    int end = in.writerIndex();
    int at = start;
    while (at < end) {
      if (state == State.DATA) {
        int here = (int) Math.min(size, end - at);
        at += here;
        size -= here;
        if (size == 0) {
          state = State.DATA_CR;
        }
        continue;
      }
      state = next(in.getByte(at++));
      if (state == State.END) {
        return at;
      }
      if (state == State.BAD) {
        return REFUSED;
      }
    }
    return INCOMPLETE;
  }

  private State next(byte octet) {
    return switch (state) {
      case SIZE -> inSize(octet);
      case EXTENSION -> inIgnored(octet, State.SIZE_LF);
      case SIZE_LF -> afterSize(octet);
      case DATA_CR -> octet == Octets.CR ? State.DATA_LF : State.BAD;
      case DATA_LF -> octet == Octets.LF ? State.SIZE : State.BAD;
      case TRAILER_START -> octet == Octets.CR ? State.END_LF : inTrailerName(octet);
      case TRAILER_NAME -> octet == ':' ? State.TRAILER_VALUE : inTrailerName(octet);
      case TRAILER_VALUE -> inIgnored(octet, State.TRAILER_LF);
      case TRAILER_LF -> octet == Octets.LF ? State.TRAILER_START : State.BAD;
      case END_LF -> octet == Octets.LF ? State.END : State.BAD;
      case DATA, END, BAD -> State.BAD;
    };
  }

  private State inSize(byte octet) {
    int digit = Octets.hexDigit(octet);
    if (digit >= 0) {
      size = 16 * size + digit;
      return ++digits <= MAX_DIGITS && size <= Integer.MAX_VALUE ? State.SIZE : State.BAD;
    }
    if (digits == 0) {
      return State.BAD;
    }
    return switch (octet) {
      case Octets.CR -> State.SIZE_LF;
      case ';' -> State.EXTENSION;
      default -> State.BAD;
    };
  }

  private State afterSize(byte octet) {
    digits = 0;
    if (octet != Octets.LF) {
      return State.BAD;
    }
    return size == 0 ? State.TRAILER_START : State.DATA;
  }

  private State inTrailerName(byte octet) {
    return Octets.isToken(octet) && ++ignored <= MAX_IGNORED_BYTES ? State.TRAILER_NAME : State.BAD;
  }

  private State inIgnored(byte octet, State atLineEnd) {
    if (octet == Octets.CR) {
      return atLineEnd;
    }
    return Octets.isFieldValue(octet) && ++ignored <= MAX_IGNORED_BYTES ? state : State.BAD;
  }
}
