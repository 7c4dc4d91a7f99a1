package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ForwardedForTest {
  private static final InetAddress PROXY = InetAddress.ofLiteral("10.0.0.1");
  private final ForwardedFor forwardedFor =
      new ForwardedFor(
          CidrSet.of(
              Stream.of("10.0.0.0/8", "2001:db8:10::/48", "::ffff:192.0.2.0/120")
                  .map(Cidr::parseExact)
                  .toList()));

  private String client(String peer, String... lines) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    List.of(lines).forEach(line -> headers.add("X-Forwarded-For", line));
    InetAddress client = forwardedFor.client(InetAddress.ofLiteral(peer), headers);
    return client == null ? "refused" : client.getHostAddress();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          203.0.113.7                              | 203.0.113.7
          1.2.3.4, 203.0.113.7                     | 203.0.113.7
          1.2.3.4, 203.0.113.7, 10.9.9.9           | 203.0.113.7
          nonsense, 203.0.113.7                    | 203.0.113.7
          , 203.0.113.7                            | 203.0.113.7
          203.0.113.7 ,10.1.1.1,  10.2.2.2         | 203.0.113.7
          203.0.113.7:4711                         | 203.0.113.7
          2001:db8::7                              | 2001:db8:0:0:0:0:0:7
          [2001:db8::7]                            | 2001:db8:0:0:0:0:0:7
          [2001:db8::7]:443                        | 2001:db8:0:0:0:0:0:7
          ::ffff:203.0.113.7                       | 203.0.113.7
          203.0.113.7, ::ffff:10.0.0.9             | 203.0.113.7
          203.0.113.7, 2001:DB8:10:0:0::9          | 203.0.113.7
          203.0.113.7, 192.0.2.9                   | 203.0.113.7
          10.3.3.3, 10.2.2.2                       | 10.3.3.3
          """)
  void theLastAddressThatIsNotAProxysIsTheClients(String header, String client) {
    assertThat(client("10.0.0.1", header)).isEqualTo(client);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "unknown",
        "203.0.113.7,",
        "203.0.113.7, ",
        "203.0.113.7, _hidden",
        "203.0.113.7, unknown, 10.2.2.2",
        "203.0.113",
        "0203.0.113.7",
        "0xcb007107",
        "3405803783",
        "fe80::1%eth0",
        "203.0.113.7:",
        "203.0.113.7:x",
        "203.0.113.7:123456",
        "[203.0.113.7]",
        "[2001:db8::7",
        "[2001:db8::7]x",
        "[2001:db8::7]443",
        "203.0.113.7 10.0.0.1",
        "\"203.0.113.7\"",
        "203.0.113.7;10.0.0.1",
        "example.com"
      })
  void whatAProxyWroteAndIsNoAddressIsRefused(String header) {
    assertThat(client("10.0.0.1", header)).isEqualTo("refused");
  }

  @Test
  void nobodyElseIsBelieved() {
    assertThat(client("203.0.113.9", "198.51.100.1")).isEqualTo("203.0.113.9");
    assertThat(client("203.0.113.9", "nonsense")).isEqualTo("203.0.113.9");
    assertThat(new ForwardedFor(CidrSet.EMPTY).client(PROXY, MultiMap.caseInsensitiveMultiMap()))
        .isEqualTo(PROXY);
  }

  @Test
  void severalLinesAreOneList() {
    assertThat(client("10.0.0.1", "198.51.100.1", "203.0.113.7")).isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", "198.51.100.1, 203.0.113.7", "10.2.2.2"))
        .isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", "203.0.113.7", "")).isEqualTo("refused");
  }

  @Test
  void aProxyThatNamesNobodyCallsForItself() {
    assertThat(client("10.0.0.1")).isEqualTo("10.0.0.1");
  }

  @Test
  void aRowOfProxiesWithoutEndIsRefused() {
    assertThat(client("10.0.0.1", String.join(",", Collections.nCopies(31, "10.2.2.2"))))
        .isEqualTo("10.2.2.2");
    assertThat(client("10.0.0.1", String.join(",", Collections.nCopies(2000, "10.2.2.2"))))
        .isEqualTo("refused");
  }

  @Property(tries = 500)
  void nothingLeftOfAnUntrustedAddressMatters(@ForAll String anything) {
    assertThat(client("10.0.0.1", anything + ", 203.0.113.7")).isEqualTo("203.0.113.7");
    assertThat(client("10.0.0.1", anything)).isNotNull();
  }
}
