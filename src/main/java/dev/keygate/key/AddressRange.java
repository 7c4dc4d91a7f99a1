package dev.keygate.key;

import java.net.Inet4Address;
import java.net.InetAddress;

/**
 * A range of IP addresses in CIDR notation. An IPv4 address that is written or arrives as an
 * IPv4-mapped IPv6 one ({@code ::ffff:192.0.2.1}) is the IPv4 address; a range of IPv6 addresses
 * holds no IPv4 ones, not even {@code ::/0}.
 */
public final class AddressRange {
  private static final int MAPPED_BITS = 96;
  private static final long MAPPED_LOW = 0x0000_ffff_0000_0000L;

  private final String text;
  private final boolean isIpv4;
  private final int prefix;
  private final long high;
  private final long low;

  private AddressRange(String text, boolean isIpv4, int prefix, long high, long low) {
    this.text = text;
    this.isIpv4 = isIpv4;
    this.prefix = prefix;
    this.high = high;
    this.low = low;
  }

  /**
   * Reads {@code 192.0.2.0/24}, {@code 2001:db8::/32}, or a single address.
   *
   * @throws IllegalArgumentException saying what was expected
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    String written = slash < 0 ? text : text.substring(0, slash);
    InetAddress address = literal(written, text);
    boolean isIpv4 = address instanceof Inet4Address;
    int offset = isIpv4 ? MAPPED_BITS : 0;
    boolean isMapped = isIpv4 && written.indexOf(':') >= 0;
    int prefix = slash < 0 ? 128 : prefix(text, slash + 1) + (isMapped ? 0 : offset);
    if (prefix < offset || prefix > 128) {
      throw new IllegalArgumentException(
          "'" + text + "': expected a prefix of at most " + (isIpv4 ? 32 : 128) + " bits");
    }
    long high = high(address);
    long low = low(address);
    if ((high & ~highMask(prefix)) != 0 || (low & ~lowMask(prefix)) != 0) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "': the address has bits beyond the prefix; expected the first of the range");
    }
    return new AddressRange(text, isIpv4, prefix, high, low);
  }

  /** Whether the address is in the range. */
  public boolean contains(InetAddress address) {
    long addressHigh = high(address);
    long addressLow = low(address);
    boolean isMapped = addressHigh == 0 && addressLow >>> 32 == MAPPED_LOW >>> 32;
    return isMapped == isIpv4
        && (addressHigh & highMask(prefix)) == high
        && (addressLow & lowMask(prefix)) == low;
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }

  private static InetAddress literal(String written, String text) {
    try {
      // A scope is a name of this machine's, not part of an address.
      if (written.indexOf('%') < 0 && written.indexOf('[') < 0) {
        return InetAddress.ofLiteral(written);
      }
    } catch (IllegalArgumentException notAnAddress) {
      // said below, with the whole text
    }
    throw new IllegalArgumentException(
        "'" + text + "': expected an address or range such as 192.0.2.0/24 or 2001:db8::/32");
  }

  private static int prefix(String text, int from) {
    int length = text.length() - from;
    int bits = 0;
    for (int at = from; at < text.length(); at++) {
      char digit = text.charAt(at);
      if (digit < '0' || digit > '9') {
        length = 0;
        break;
      }
      bits = 10 * bits + digit - '0';
    }
    if (length < 1 || length > 3) {
      throw new IllegalArgumentException("'" + text + "': expected a number after the slash");
    }
    return bits;
  }

  private static long high(InetAddress address) {
    return address instanceof Inet4Address ? 0 : word(address.getAddress(), 0);
  }

  private static long low(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 16) {
      return word(bytes, 8);
    }
    long ipv4 = 0;
    for (byte each : bytes) {
      ipv4 = (ipv4 << 8) | (each & 0xff);
    }
    return MAPPED_LOW | ipv4;
  }

  private static long word(byte[] bytes, int from) {
    long word = 0;
    for (int at = from; at < from + 8; at++) {
      word = (word << 8) | (bytes[at] & 0xff);
    }
    return word;
  }

  private static long highMask(int prefix) {
    return prefix >= 64 ? -1 : prefix == 0 ? 0 : -1L << (64 - prefix);
  }

  private static long lowMask(int prefix) {
    return prefix <= 64 ? 0 : -1L << (128 - prefix);
  }
}
