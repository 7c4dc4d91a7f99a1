package dev.keygate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String V4 = "cb007107c633640110d601bb";

  private static ProxyHeader.Reading line(String text) {
    return ProxyHeader.read(Unpooled.copiedBuffer(text, ISO_8859_1));
  }

  private static ProxyHeader.Reading binary(String hex) {
    return ProxyHeader.read(Unpooled.wrappedBuffer(HexFormat.of().parseHex(hex)));
  }

  private static ProxyHeader.Reading passedOn(int length, String source, int port) {
    InetSocketAddress destination =
        new InetSocketAddress(
            InetAddress.ofLiteral(source.contains(":") ? "2001:db8::1" : "198.51.100.1"), 443);
    return new ProxyHeader.Complete(
        length,
        new ProxyHeader.PassedOn(
            new InetSocketAddress(InetAddress.ofLiteral(source), port), destination));
  }

  @Test
  void aLineNamesBothEnds() {
    assertThat(line("PROXY TCP4 203.0.113.7 198.51.100.1 4310 443\r\nGET / HTTP/1.1\r\n"))
        .isEqualTo(passedOn(46, "203.0.113.7", 4310));
    assertThat(line("PROXY TCP6 2001:db8::7 2001:db8::1 0 443\r\n"))
        .isEqualTo(passedOn(42, "2001:db8::7", 0));
    assertThat(line("PROXY UNKNOWN\r\n"))
        .isEqualTo(new ProxyHeader.Complete(15, new ProxyHeader.OwnConnection()));
    assertThat(line("PROXY UNKNOWN ff:: what ever\r\nGET"))
        .isEqualTo(new ProxyHeader.Complete(30, new ProxyHeader.OwnConnection()));
  }

  @Test
  void aBinaryHeaderNamesBothEnds() {
    assertThat(binary(SIGNATURE + "2111000c" + V4)).isEqualTo(passedOn(28, "203.0.113.7", 4310));
    assertThat(binary(SIGNATURE + "21110013" + V4 + "0400047b2274227d" + "abcdef"))
        .isEqualTo(passedOn(35, "203.0.113.7", 4310));
    String v6 = "20010db8000000000000000000000007" + "20010db8000000000000000000000001";
    assertThat(binary(SIGNATURE + "21210024" + v6 + "10d601bb"))
        .isEqualTo(passedOn(52, "2001:db8::7", 4310));
    assertThat(binary(SIGNATURE + "20000000"))
        .isEqualTo(new ProxyHeader.Complete(16, new ProxyHeader.OwnConnection()));
  }

  @Test
  void aMappedAddressIsTheIpv4One() {
    String mapped = "00000000000000000000ffffcb007107";
    assertThat(binary(SIGNATURE + "21210024" + mapped + mapped + "10d601bb"))
        .hasToString(
            "Complete[length=52, said=PassedOn[source=/203.0.113.7:4310,"
                + " destination=/203.0.113.7:443]]");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\n",
        "proxy TCP4 203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY\tTCP4 203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 1 2\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 1\r\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 1 2 3\r\n",
        "PROXY TCP4  203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 1 65536\r\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 1 02\r\n",
        "PROXY TCP4 203.0.113.7 198.51.100.1 -1 2\r\n",
        "PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n",
        "PROXY TCP6 203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 0203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY TCP4 localhost 198.51.100.1 1 2\r\n",
        "PROXY TCP6 fe80::1%eth0 ::1 1 2\r\n",
        "PROXY UDP4 203.0.113.7 198.51.100.1 1 2\r\n",
        "PROXY \r\n",
        "\n",
        "\u0016\u0003\u0001"
      })
  void anyOtherLineIsMalformed(String text) {
    assertThat(line(text)).isEqualTo(new ProxyHeader.Malformed());
  }

  @Test
  void aLineWithoutEndIsMalformed() {
    assertThat(line("PROXY UNKNOWN " + "x".repeat(92))).isInstanceOf(ProxyHeader.Incomplete.class);
    assertThat(line("PROXY UNKNOWN " + "x".repeat(93))).isInstanceOf(ProxyHeader.Malformed.class);
    assertThat(line("PROXY UNKNOWN " + "x".repeat(200) + "\r\n"))
        .isInstanceOf(ProxyHeader.Malformed.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        SIGNATURE + "1111000c" + V4, // version 1 has no binary form
        SIGNATURE + "2211000c" + V4, // no such command
        SIGNATURE + "2112000c" + V4, // UDP
        SIGNATURE + "2100000c" + V4, // somebody, but who
        SIGNATURE + "2131000c" + V4, // a Unix socket
        SIGNATURE + "2111000b" + V4, // too short for its addresses
        SIGNATURE + "2121000c" + V4,
        SIGNATURE + "2111ffff", // more than anybody sends
        "0d0a0d0a000d0a51554954ff"
      })
  void anyOtherBinaryHeaderIsMalformed(String hex) {
    assertThat(binary(hex)).isEqualTo(new ProxyHeader.Malformed());
  }

  @Test
  void aHeaderMayComeInPieces() {
    for (String hex :
        new String[] {
          SIGNATURE + "2111000c" + V4,
          HexFormat.of()
              .formatHex("PROXY TCP4 203.0.113.7 198.51.100.1 4310 443\r\n".getBytes(ISO_8859_1))
        }) {
      for (int length = 0; length < hex.length(); length += 2) {
        assertThat(binary(hex.substring(0, length))).isEqualTo(new ProxyHeader.Incomplete());
      }
      assertThat(binary(hex)).isInstanceOf(ProxyHeader.Complete.class);
    }
  }

  @Property(tries = 500)
  void noBytesMakeTheParserThrow(@ForAll byte[] bytes) {
    byte[] signature = HexFormat.of().parseHex(SIGNATURE + "21");
    for (byte[] start : new byte[][] {{}, "PROXY ".getBytes(ISO_8859_1), signature}) {
      assertThat(ProxyHeader.read(Unpooled.wrappedBuffer(start, bytes))).isNotNull();
    }
  }
}
