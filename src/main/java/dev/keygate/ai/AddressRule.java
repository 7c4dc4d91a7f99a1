package dev.keygate.ai;

import dev.keygate.ai.BaseUrl.Scheme;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses a provider may be at (SPEC.md section 6). It is asked about the very address that
 * is about to be connected to, after the name has been resolved, so that a name which resolves to
 * something else the next time gains nothing.
 *
 * <p>Never: link-local, cloud metadata services, unspecified, multicast, broadcast and reserved
 * addresses, in any IPv6 clothing of an IPv4 address. Unencrypted: loopback and private addresses
 * only (RFC 1918, RFC 4193).
 */
final class AddressRule {
  /** Metadata services outside the link-local ranges: Alibaba, Oracle; AWS on IPv6. */
  private static final List<byte[]> METADATA =
      List.of(
          new byte[] {100, 100, 100, (byte) 200},
          new byte[] {(byte) 192, 0, 0, (byte) 192},
          ipv6(0xfd00, 0x0ec2, 0, 0, 0, 0, 0, 0x0254),
          ipv6(0xfd20, 0x00ce, 0, 0, 0, 0, 0, 0x0254));

  private AddressRule() {}

  /** Whether a provider at this address may be called that way. */
  static boolean allows(InetAddress address, Scheme scheme) {
    InetAddress real = unwrap(address);
    if (isNever(real)) {
      return false;
    }
    return scheme == Scheme.HTTPS || isLocal(real);
  }

  private static boolean isNever(InetAddress address) {
    byte[] bytes = address.getAddress();
    return address.isAnyLocalAddress()
        || address.isLinkLocalAddress()
        || address.isMulticastAddress()
        || METADATA.stream().anyMatch(known -> Arrays.equals(known, bytes))
        || (bytes.length == 4 && (bytes[0] == 0 || (bytes[0] & 0xf0) == 0xf0));
  }

  private static boolean isLocal(InetAddress address) {
    if (address.isLoopbackAddress()) {
      return true;
    }
    byte[] bytes = address.getAddress();
    // isSiteLocalAddress is RFC 1918 for IPv4; for IPv6 it is the long deprecated fec0::/10.
    return bytes.length == 4 ? address.isSiteLocalAddress() : (bytes[0] & 0xfe) == 0xfc;
  }

  /**
   * The IPv4 address that an IPv6 address stands for: mapped (::ffff:0:0/96, which Java unwraps
   * itself), compatible (::/96), NAT64 (64:ff9b::/96, RFC 6052), 6to4 (2002::/16, RFC 3056).
   */
  private static InetAddress unwrap(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length == 4) {
      return address;
    }
    if (startsWith(bytes, 0x20, 0x02)) {
      return ipv4(bytes, 2);
    }
    boolean isNat64 = startsWith(bytes, 0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0);
    boolean isMapped = startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff);
    boolean isCompatible =
        startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) && !address.isLoopbackAddress();
    return isNat64 || isMapped || isCompatible ? ipv4(bytes, 12) : address;
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress ipv4(byte[] bytes, int at) {
    try {
      return Inet4Address.getByAddress(Arrays.copyOfRange(bytes, at, at + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  private static byte[] ipv6(int... groups) {
    byte[] bytes = new byte[16];
    for (int i = 0; i < groups.length; i++) {
      bytes[2 * i] = (byte) (groups[i] >> 8);
      bytes[2 * i + 1] = (byte) groups[i];
    }
    return bytes;
  }
}
