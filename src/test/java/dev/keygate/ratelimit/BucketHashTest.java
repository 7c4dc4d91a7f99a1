package dev.keygate.ratelimit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class BucketHashTest {
  private static final byte[] KEY = HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f");

  private final BucketHash hash = new BucketHash(KEY);

  @Test
  void itIsSipHashOfTheReferenceVectors() {
    assertThat(hex(hash.start().finish())).isEqualTo("a3817f04ba25a8e66df67214c7550293");
    assertThat(hex(hash.start().word(0x0706050403020100L).finish()))
        .isEqualTo("3b62a9ba6258f5610f83e264f31497b4");
  }

  @Test
  void textsAreSetOffFromEachOther() {
    BucketKey one = hash.start().text("a").text("bc").finish();
    assertThat(hash.start().text("ab").text("c").finish()).isNotEqualTo(one);
    assertThat(hash.start().text("a").text("bc").finish()).isEqualTo(one);
    assertThat(hash.of("")).isNotEqualTo(hash.of("\0"));
    assertThat(hash.of("abcde")).isNotEqualTo(hash.of("abcdf"));
  }

  @Test
  void withoutTheKeyNobodyKnowsIt() {
    assertThat(BucketHash.random(new SecureRandom()).of("a")).isNotEqualTo(hash.of("a"));
    assertThat(hash.of("secret").toString()).isEqualTo("BucketKey");
    assertThatThrownBy(() -> new BucketHash(new byte[15]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String hex(BucketKey key) {
    ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(key.low()).putLong(key.high());
    return HexFormat.of().formatHex(bytes.array());
  }
}
