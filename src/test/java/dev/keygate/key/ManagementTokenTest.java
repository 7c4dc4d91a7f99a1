package dev.keygate.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ManagementTokenTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void whatWasGeneratedParsesAndIsNoGatewayKey() {
    ManagementToken token = ManagementToken.generate(RANDOM);
    assertThat(token.reveal()).matches("kgm_[0-9A-Za-z]{49}");
    assertThat(ManagementToken.parse(token.reveal()))
        .isNotNull()
        .extracting(ManagementToken::hash)
        .isEqualTo(token.hash());
    assertThat(KeyToken.isMeantAsKey(token.reveal())).isFalse();
    assertThat(token.toString()).isEqualTo("kgm_***");
  }

  @Property
  void oneChangedCharacterMakesItMalformed(
      @ForAll @IntRange(max = 52) int position, @ForAll char replacement) {
    String text = ManagementToken.generate(RANDOM).reveal();
    if (text.charAt(position) != replacement) {
      String changed = text.substring(0, position) + replacement + text.substring(position + 1);
      assertThat(ManagementToken.parse(changed)).isNull();
    }
  }

  @Property
  void noTextMakesTheParserThrow(@ForAll String text) {
    assertThat(ManagementToken.parse("kgm_" + text)).isNull();
  }
}
