package dev.keygate.address;

import java.util.ArrayList;
import java.util.List;

/** Addresses as two 64-bit words. */
final class Words {
  /** {@code ::ffff:0:0}, under which IPv4 addresses stand in IPv6 (RFC 4291 section 2.5.5.2). */
  private static final long MAPPED = 0xffff_0000_0000L;

  private Words() {}

  /** The upper word; 0 for an IPv4 address. */
  static long high(byte[] address) {
    return address.length == 4 ? 0 : word(address, 0, 8);
  }

  static long low(byte[] address) {
    return address.length == 4 ? word(address, 0, 4) : word(address, 8, 16);
  }

  /** Whether these are the words of an IPv4-mapped address. */
  static boolean isMapped(long high, long low) {
    return high == 0 && (low & 0xffff_ffff_0000_0000L) == MAPPED;
  }

  /** The part of this many low one-bits that is in the upper word. */
  static long highOnes(int count) {
    return ones(count - 64);
  }

  /** The part of this many low one-bits that is in the lower word. */
  static long lowOnes(int count) {
    return ones(Math.min(count, 64));
  }

  private static long ones(int count) {
    if (count <= 0) {
      return 0;
    }
    return count == 64 ? -1L : (1L << count) - 1;
  }

  private static long word(byte[] bytes, int from, int to) {
    long word = 0;
    for (int at = from; at < to; at++) {
      word = word << 8 | (bytes[at] & 0xff);
    }
    return word;
  }

  /** RFC 5952 for IPv6. */
  static String text(Cidr.Family family, long high, long low) {
    if (family == Cidr.Family.IPV4) {
      return (low >>> 24) + "." + (low >>> 16 & 255) + "." + (low >>> 8 & 255) + "." + (low & 255);
    }
    int[] groups = new int[8];
    for (int at = 0; at < 8; at++) {
      long word = at < 4 ? high : low;
      groups[at] = (int) (word >>> (48 - at % 4 * 16)) & 0xffff;
    }
    return compressed(groups);
  }

  private static String compressed(int[] groups) {
    int start = -1;
    int length = 1; // a single group of zeros is written out
    for (int at = 0; at < 8; at++) {
      int zeros = 0;
      while (at + zeros < 8 && groups[at + zeros] == 0) {
        zeros++;
      }
      if (zeros > length) {
        start = at;
        length = zeros;
      }
    }
    return start < 0
        ? joined(groups, 0, 8)
        : joined(groups, 0, start) + "::" + joined(groups, start + length, 8);
  }

  private static String joined(int[] groups, int from, int to) {
    List<String> texts = new ArrayList<>();
    for (int at = from; at < to; at++) {
      texts.add(Integer.toHexString(groups[at]));
    }
    return String.join(":", texts);
  }
}
