package dev.keygate.policy.expression;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import inet.ipaddr.IncompatibleAddressException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** IP addresses and ranges in expressions. What is not an address is in no range. */
final class Addresses {
  /** Only the forms that RFC 4291 and dotted quads have: no octal, no ranges, no empty text. */
  private static final IPAddressStringParameters STRICT =
      new IPAddressStringParameters.Builder()
          .allowEmpty(false)
          .allowAll(false)
          .allowSingleSegment(false)
          .allowWildcardedSeparator(false)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowLeadingZeros(false)
          .getParentBuilder()
          .toParams();

  private static final List<String> PRIVATE =
      List.of(
          "10.0.0.0/8",
          "172.16.0.0/12",
          "192.168.0.0/16",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "100.64.0.0/10",
          "::1/128",
          "fc00::/7",
          "fe80::/10");

  /** Ranges that expressions name, read once; bounded, as requests may make some. */
  private static final Cache<String, Optional<IPAddress>> RANGES =
      Caffeine.newBuilder().maximumSize(1000).build();

  private Addresses() {}

  static boolean isPrivate(String address) {
    return isInAny(address, PRIVATE);
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
    IPAddress one = parsed(address);
    IPAddress block = block(range);
    if (one == null || block == null) {
      return false;
    }
    IPAddress client =
        one.isIPv6() && one.toIPv6().isIPv4Mapped() ? one.toIPv6().getEmbeddedIPv4Address() : one;
    return block.contains(client);
  }

  private static @Nullable IPAddress block(String range) {
    return RANGES
        .get(range, text -> Optional.ofNullable(parsed(text)).map(IPAddress::toPrefixBlock))
        .orElse(null);
  }

  private static @Nullable IPAddress parsed(String text) {
    try {
      return new IPAddressString(text, STRICT).toAddress();
    } catch (AddressStringException | IncompatibleAddressException malformed) {
      return null;
    }
  }
}
