package dev.keygate.address;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A range of IP addresses, {@code 10.0.0.0/8} or {@code 2001:db8::/32} (RFC 4632, RFC 4291 section
 * 2.3). An IPv4-mapped IPv6 range counts as the IPv4 one.
 *
 * <p>Addresses are 128 bits in two words; an IPv4 address is the lowest 32 of them.
 *
 * @param high the upper 64 bits of the first address
 * @param low the lower 64 bits of it
 * @param prefix how many leading bits of the written form are fixed: up to 32 or 128
 */
public record Cidr(Family family, long high, long low, int prefix) {

  /** The two kinds of address, which never hold one another. */
  public enum Family {
    IPV4(32),
    IPV6(128);

    private final int bits;

    Family(int bits) {
      this.bits = bits;
    }
  }

  /** Dotted quads as everybody reads them: a leading zero would be octal to some. */
  private static final Pattern QUAD = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

  private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

  /**
   * Reads a range, or a single address.
   *
   * <p>Bits behind the prefix may be set and count for nothing.
   *
   * @throws IllegalArgumentException if it is none; the message says what was expected
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String written = slash < 0 ? text : text.substring(0, slash);
    InetAddress address = address(written);
    boolean mapped = address instanceof Inet4Address && written.indexOf(':') >= 0;
    Family family = address instanceof Inet4Address ? Family.IPV4 : Family.IPV6;
    int most = mapped ? 128 : family.bits;
    int prefix = slash < 0 ? most : prefix(text.substring(slash + 1), most);
    byte[] bytes = address.getAddress();
    if (mapped && prefix < 96) {
      // ::ffff:0:0/90 holds every IPv4-mapped address and others; said of IPv6 it means all of it.
      throw new IllegalArgumentException("expected a range of IPv4 or of IPv6 addresses, not both");
    }
    int fixed = mapped ? prefix - 96 : prefix;
    long high = family == Family.IPV4 ? 0 : Words.high(bytes);
    long low = Words.low(bytes);
    int free = family.bits - fixed;
    return new Cidr(family, high & ~Words.highOnes(free), low & ~Words.lowOnes(free), fixed);
  }

  /**
   * Reads a range of which the first address is written, as ranges are.
   *
   * @throws IllegalArgumentException if it is none; the message says what was expected
   */
  public static Cidr parseExact(String text) {
    Cidr range = parse(text);
    if (!range.isWrittenIn(text)) {
      throw new IllegalArgumentException(
          "the address has bits beyond the prefix; expected the first of the range, " + range);
    }
    return range;
  }

  /**
   * Reads a single address; an IPv4-mapped IPv6 one is the IPv4 address.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static InetAddress address(String text) {
    boolean plausible = text.indexOf(':') < 0 ? QUAD.matcher(text).matches() : isBare(text);
    if (plausible) {
      try {
        return InetAddress.ofLiteral(text);
      } catch (IllegalArgumentException malformed) {
        throw expected(malformed);
      }
    }
    throw expected(null);
  }

  /** No brackets and no zone: a zone means something on one machine only. */
  private static boolean isBare(String text) {
    return text.indexOf('%') < 0 && text.indexOf('[') < 0 && text.length() <= 45;
  }

  private static int prefix(String text, int most) {
    int prefix = PREFIX.matcher(text).matches() ? Integer.parseInt(text) : Integer.MAX_VALUE;
    if (prefix > most) {
      throw new IllegalArgumentException("expected a prefix length of 0 to " + most);
    }
    return prefix;
  }

  private static IllegalArgumentException expected(@Nullable Throwable cause) {
    return new IllegalArgumentException(
        "expected a range of addresses such as 10.0.0.0/8 or 2001:db8::/32", cause);
  }

  /** Whether a text that reads as this range names its first address, as ranges are written. */
  public boolean isWrittenIn(String text) {
    int slash = text.indexOf('/');
    Cidr first = parse(slash < 0 ? text : text.substring(0, slash));
    return first.high == high && first.low == low;
  }

  /** The upper 64 bits of the last address. */
  long lastHigh() {
    return high | Words.highOnes(family.bits - prefix);
  }

  /** The lower 64 bits of the last address. */
  long lastLow() {
    return low | Words.lowOnes(family.bits - prefix);
  }

  /** The shortest usual form: {@code 10.0.0.0/8}, {@code 2001:db8::/32}. */
  @Override
  public String toString() {
    return Words.text(family, high, low) + '/' + prefix;
  }
}
