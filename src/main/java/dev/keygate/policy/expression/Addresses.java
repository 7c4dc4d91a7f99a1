package dev.keygate.policy.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import java.net.InetAddress;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** IP addresses and ranges in expressions. What is not an address is in no range. */
final class Addresses {
  private static final CidrSet PRIVATE =
      CidrSet.of(
          Stream.of(
                  "10.0.0.0/8",
                  "172.16.0.0/12",
                  "192.168.0.0/16",
                  "127.0.0.0/8",
                  "169.254.0.0/16",
                  "100.64.0.0/10",
                  "::1/128",
                  "fc00::/7",
                  "fe80::/10")
              .map(Cidr::parse)
              .toList());

  /** Ranges that expressions name, read once; bounded, as requests may make some. */
  private static final Cache<String, CidrSet> RANGES =
      Caffeine.newBuilder().maximumSize(1000).build();

  private Addresses() {}

  static boolean isPrivate(String address) {
    return isIn(address, PRIVATE);
  }

  static boolean isInAny(String address, List<?> ranges) {
    for (Object range : ranges) {
      if (range instanceof String text && isIn(address, text)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the range holds the address; an IPv4-mapped IPv6 address counts as the IPv4 one. */
  static boolean isIn(String address, String range) {
    return isIn(address, RANGES.get(range, Addresses::set));
  }

  private static boolean isIn(String address, CidrSet ranges) {
    InetAddress parsed = ranges.isEmpty() ? null : address(address);
    return parsed != null && ranges.contains(parsed);
  }

  private static CidrSet set(String range) {
    try {
      return CidrSet.of(List.of(Cidr.parse(range)));
    } catch (IllegalArgumentException malformed) {
      return CidrSet.EMPTY;
    }
  }

  private static @Nullable InetAddress address(String text) {
    try {
      return Cidr.address(text);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }
}
