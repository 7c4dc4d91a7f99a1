package dev.keygate.gateway;

import io.netty.buffer.ByteBuf;

/**
 * Reads the framing of chunked bodies (RFC 9112 section 7.1) as strictly as the RFC allows: sizes
 * are 1 to 8 hexadecimal digits with nothing around them, lines end in CR LF, no trailers. Looks at
 * every byte of the framing and at none of the data. One for each connection; belongs to its event
 * loop.
 */
final class ChunkScanner {
  /** What {@link #scan} returns besides the index after the body. */
  static final int INCOMPLETE = -1;

  static final int REFUSED = -2;

  private static final int MAX_DIGITS = 8;

  /** Extensions are read and thrown away; nobody needs many. Counted over a whole body. */
  private static final int MAX_EXTENSION_BYTES = 4096;

  private State state = State.SIZE;
  private long size;
  private int digits;
  private int extensionBytes;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    END_CR,
    END_LF,
    END,
    BAD
  }

  /** Makes ready for the next body. */
  void reset() {
    state = State.SIZE;
    size = 0;
    digits = 0;
    extensionBytes = 0;
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
      case EXTENSION -> inExtension(octet);
      case SIZE_LF -> afterSize(octet);
      case DATA_CR -> octet == Octets.CR ? State.DATA_LF : State.BAD;
      case DATA_LF -> octet == Octets.LF ? State.SIZE : State.BAD;
      case END_CR -> octet == Octets.CR ? State.END_LF : State.BAD;
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
    return size == 0 ? State.END_CR : State.DATA;
  }

  private State inExtension(byte octet) {
    if (octet == Octets.CR) {
      return State.SIZE_LF;
    }
    boolean isFine = Octets.isFieldValue(octet) && ++extensionBytes <= MAX_EXTENSION_BYTES;
    return isFine ? State.EXTENSION : State.BAD;
  }
}
