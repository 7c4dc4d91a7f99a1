package dev.keygate.address;

import java.net.InetAddress;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Many ranges, and which of them holds an address. Immutable; a lookup takes as many comparisons as
 * the number of ranges has bits.
 */
public final class CidrSet {
  public static final CidrSet EMPTY = new CidrSet(List.of());

  private final RangeTable four;
  private final RangeTable six;

  private CidrSet(Collection<Cidr> ranges) {
    this.four = table(ranges, Cidr.Family.IPV4);
    this.six = table(ranges, Cidr.Family.IPV6);
  }

  /** The set of these ranges, which may overlap and repeat. */
  public static CidrSet of(Collection<Cidr> ranges) {
    return ranges.isEmpty() ? EMPTY : new CidrSet(ranges);
  }

  private static RangeTable table(Collection<Cidr> ranges, Cidr.Family family) {
    return RangeTable.of(ranges.stream().filter(range -> range.family() == family));
  }

  /**
   * The narrowest range that holds an address, or null when none does. An IPv4-mapped IPv6 address
   * counts as the IPv4 one.
   */
  public @Nullable Cidr find(InetAddress address) {
    byte[] bytes = address.getAddress();
    long high = Words.high(bytes);
    long low = Words.low(bytes);
    if (bytes.length == 4) {
      return four.find(0, low);
    }
    return Words.isMapped(high, low) ? four.find(0, low & 0xffff_ffffL) : six.find(high, low);
  }

  public boolean contains(InetAddress address) {
    return find(address) != null;
  }

  public boolean isEmpty() {
    return four.isEmpty() && six.isEmpty();
  }
}
