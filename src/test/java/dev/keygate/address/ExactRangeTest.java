package dev.keygate.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges as keys and settings have them: the first address is written, and nothing beyond it. */
class ExactRangeTest {

  @ParameterizedTest
  @CsvSource({
    "192.0.2.0/24, 192.0.2.255, true",
    "192.0.2.0/24, 192.0.3.0, false",
    "192.0.2.7, 192.0.2.7, true",
    "192.0.2.7, 192.0.2.8, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.1, false",
    "::/0, ::ffff:192.0.2.1, false",
    "2001:db8::/33, 2001:db8:7fff::1, true",
    "2001:db8::/33, 2001:db8:8000::1, false",
    "2001:db8::1:0/112, 2001:db8::1:ffff, true",
    "2001:db8::1:0/112, 2001:db8::2:0, false",
    "192.0.2.0/24, ::ffff:192.0.2.9, true",
    "::ffff:192.0.2.0/120, 192.0.2.9, true",
    "::ffff:192.0.2.0/120, 192.0.3.9, false",
    "::1, 0:0:0:0:0:0:0:1, true",
  })
  void aRangeHoldsTheAddressesUnderItsPrefix(String range, String address, boolean holds) {
    assertThat(set(range).contains(InetAddress.ofLiteral(address))).isEqualTo(holds);
  }

  private static CidrSet set(String range) {
    return CidrSet.of(List.of(Cidr.parseExact(range)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.1/8",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "10.0.0.0/8/8",
        "::/129",
        "2001:db8::1/32",
        "example.com",
        "localhost",
        "fe80::1%eth0",
        "[::1]",
        "10.0.0.0/ 8",
        "::ffff:192.0.2.0/24"
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> Cidr.parseExact(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("null"));
  }
}
