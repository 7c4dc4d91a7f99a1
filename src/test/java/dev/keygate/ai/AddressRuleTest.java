package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.BaseUrl.Scheme;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRuleTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
        "0.0.0.0",
        "0.1.2.3",
        "::",
        "224.0.0.1",
        "239.1.1.1",
        "ff02::1",
        "255.255.255.255",
        "240.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
        "::169.254.169.254",
        "64:ff9b::6464:64c8"
      })
  void noProviderIsThere(String text) {
    assertThat(AddressRule.allows(address(text), Scheme.HTTPS)).isFalse();
    assertThat(AddressRule.allows(address(text), Scheme.HTTP)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "fc00::1",
        "fd12:3456::1",
        "::ffff:10.0.0.1"
      })
  void aLocalProviderMayBeCalledEitherWay(String text) {
    assertThat(AddressRule.allows(address(text), Scheme.HTTPS)).isTrue();
    assertThat(AddressRule.allows(address(text), Scheme.HTTP)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.8.8",
        "172.32.0.1",
        "172.15.0.1",
        "192.169.0.1",
        "100.64.0.1",
        "2606:4700::1111",
        "fec0::1",
        "2002:808:808::1",
        "64:ff9b::808:808"
      })
  void aPublicProviderIsCalledEncryptedOnly(String text) {
    assertThat(AddressRule.allows(address(text), Scheme.HTTPS)).isTrue();
    assertThat(AddressRule.allows(address(text), Scheme.HTTP)).isFalse();
  }

  @Property
  void whatIsAllowedUnencryptedIsAllowedEncrypted(
      @ForAll @Size(16) byte[] v6, @ForAll @Size(4) byte[] v4) throws UnknownHostException {
    for (byte[] bytes : new byte[][] {v6, v4}) {
      InetAddress address = InetAddress.getByAddress(bytes);
      if (AddressRule.allows(address, Scheme.HTTP)) {
        assertThat(AddressRule.allows(address, Scheme.HTTPS)).isTrue();
      }
    }
  }

  @Property
  void anIpv4AddressIsJudgedAlikeInAnyClothing(@ForAll @Size(4) byte[] v4)
      throws UnknownHostException {
    boolean plain = AddressRule.allows(InetAddress.getByAddress(v4), Scheme.HTTP);
    byte[] nat64 = {0, 0x64, (byte) 0xff, (byte) 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    System.arraycopy(v4, 0, nat64, 12, 4);
    byte[] sixToFour = new byte[16];
    sixToFour[0] = 0x20;
    sixToFour[1] = 0x02;
    System.arraycopy(v4, 0, sixToFour, 2, 4);
    assertThat(AddressRule.allows(InetAddress.getByAddress(nat64), Scheme.HTTP)).isEqualTo(plain);
    assertThat(AddressRule.allows(InetAddress.getByAddress(sixToFour), Scheme.HTTP))
        .isEqualTo(plain);
  }

  private static InetAddress address(String text) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(text);
    assertThat(bytes).isNotNull();
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }
}
