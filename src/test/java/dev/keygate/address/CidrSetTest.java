package dev.keygate.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrSetTest {

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.0.0.0/8",
    "10.1.2.3/8, 10.0.0.0/8",
    "255.255.255.255, 255.255.255.255/32",
    "0.0.0.0/0, 0.0.0.0/0",
    "::/0, ::/0",
    "::1, ::1/128",
    "2001:DB8:0:0:1:0:0:1/64, 2001:db8::/64",
    "2001:db8::1:0:0:1, 2001:db8::1:0:0:1/128",
    "1:0:2:0:3:0:4:0/128, 1:0:2:0:3:0:4:0/128",
    "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/65, ffff:ffff:ffff:ffff:8000::/65",
    "::ffff:10.0.0.0/104, 10.0.0.0/8",
    "::ffff:a00:1, 10.0.0.1/32",
    "::ffff:0:0/96, 0.0.0.0/0",
  })
  void rangesAreReadAndWritten(String text, String canonical) {
    assertThat(Cidr.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10",
        "10.0.0/8",
        "010.0.0.1",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/08",
        "10.0.0.0/-1",
        "10.0.0.0/8/8",
        "256.0.0.1",
        "0x7f.0.0.1",
        "1.2.3.4.5",
        " 10.0.0.1",
        "10.0.0.0 /8",
        "::/129",
        ":::",
        "fe80::1%eth0",
        "[::1]",
        "localhost",
        "::ffff:10.0.0.0/90",
        "1:2:3:4:5:6:7:8:9",
        "::1::",
        "g::"
      })
  void anythingElseIsRefused(String text) {
    ThrowingCallable parse = () -> Cidr.parse(text);
    assertThatThrownBy(parse).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNarrowestRangeIsFound() {
    CidrSet set = set("10.0.0.0/8", "10.1.0.0/16", "10.1.1.1/32", "0.0.0.0/0", "10.1.0.0/16");
    assertThat(found(set, "10.1.1.1")).isEqualTo("10.1.1.1/32");
    assertThat(found(set, "10.1.1.2")).isEqualTo("10.1.0.0/16");
    assertThat(found(set, "10.2.0.0")).isEqualTo("10.0.0.0/8");
    assertThat(found(set, "11.0.0.0")).isEqualTo("0.0.0.0/0");
    assertThat(found(set, "255.255.255.255")).isEqualTo("0.0.0.0/0");
    assertThat(found(set, "::1")).isEqualTo("none");
  }

  @Test
  void theFamiliesDoNotHoldEachOther() {
    assertThat(found(set("::/0"), "10.0.0.1")).isEqualTo("none");
    assertThat(found(set("0.0.0.0/0"), "2001:db8::1")).isEqualTo("none");
    assertThat(found(set("::a00:1/128"), "10.0.0.1")).isEqualTo("none");
  }

  @Test
  void aMappedAddressCountsAsTheOneItMaps() throws UnknownHostException {
    byte[] bytes = new byte[16];
    bytes[10] = -1;
    bytes[11] = -1;
    bytes[12] = 10;
    bytes[15] = 1;
    InetAddress mapped = Inet6Address.getByAddress(null, bytes, -1);
    assertThat(set("10.0.0.0/8").contains(mapped)).isTrue();
    assertThat(set("::/0").contains(mapped)).isFalse();
  }

  @Test
  void anEmptySetHoldsNothing() {
    assertThat(CidrSet.EMPTY.isEmpty()).isTrue();
    assertThat(found(CidrSet.EMPTY, "0.0.0.0")).isEqualTo("none");
    assertThat(found(CidrSet.EMPTY, "::")).isEqualTo("none");
  }

  /** Few bits, so that ranges nest, touch and repeat. */
  @Property(tries = 50)
  void aLookupAgreesWithTryingEveryRange(@ForAll long seed, @ForAll @IntRange(max = 40) int size) {
    Random random = new Random(seed);
    boolean four = random.nextBoolean();
    List<Cidr> ranges = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      int least = four ? 24 : 120;
      ranges.add(Cidr.parse(text(four, random) + '/' + (least + random.nextInt(9))));
    }
    CidrSet set = CidrSet.of(ranges);
    for (int last = 0; last < 256; last++) {
      InetAddress address =
          InetAddress.ofLiteral((four ? "255.255.255." : "ffff::") + byteText(four, last));
      Cidr expected =
          ranges.stream()
              .filter(range -> holds(range, address))
              .reduce((one, other) -> one.prefix() >= other.prefix() ? one : other)
              .orElse(null);
      assertThat(set.find(address)).isEqualTo(expected);
    }
  }

  private static String text(boolean four, Random random) {
    return (four ? "255.255.255." : "ffff::") + byteText(four, random.nextInt(256));
  }

  private static String byteText(boolean four, int value) {
    return four ? Integer.toString(value) : Integer.toHexString(value);
  }

  private static boolean holds(Cidr range, InetAddress address) {
    byte[] first = InetAddress.ofLiteral(range.toString().split("/", -1)[0]).getAddress();
    byte[] one = address.getAddress();
    int free = one.length * 8 - range.prefix();
    return one.length == first.length
        && new BigInteger(1, first)
            .shiftRight(free)
            .equals(new BigInteger(1, one).shiftRight(free));
  }

  private static CidrSet set(String... ranges) {
    return CidrSet.of(List.of(ranges).stream().map(Cidr::parse).toList());
  }

  private static String found(CidrSet set, String address) {
    Cidr found = set.find(InetAddress.ofLiteral(address));
    return found == null ? "none" : found.toString();
  }
}
