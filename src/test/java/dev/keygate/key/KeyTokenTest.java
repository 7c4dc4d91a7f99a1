package dev.keygate.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyTokenTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  @Test
  void aTokenHasTheDocumentedShape() {
    assertThat(KeyToken.generate(RANDOM).reveal())
        .matches("ng-[0-9A-Za-z]{16}-g1-[0-9A-Za-z]{32}[0-9A-Za-z]{6}");
  }

  @Test
  void theChecksumIsTheCrcOfAllBeforeIt() {
    String text =
        "ng-0123456789ABCDEF-g1-GHIJKLM"
            + "NOPQRSTUVWXYZabcdefghijkl4AcTBY"; // two halves: no whole token in a source file
    KeyToken token = KeyToken.parse(text);
    assertThat(token).isNotNull();
    assertThat(token.reveal()).isEqualTo(text);
    assertThat(token.lookupId()).isEqualTo("0123456789ABCDEF");
    assertThat(token.lookup()).isEqualTo(LookupId.of("0123456789ABCDEF"));
    assertThat(LookupId.of("0123456789ABCDEF")).isNotEqualTo(LookupId.of("0123456789ABCDEf"));
  }

  @Property
  void whatWasGeneratedParsesToTheSameToken() {
    KeyToken token = KeyToken.generate(RANDOM);
    KeyToken parsed = KeyToken.parse(token.reveal());
    assertThat(parsed).isNotNull();
    assertThat(parsed.reveal()).isEqualTo(token.reveal());
    assertThat(parsed.lookupId()).isEqualTo(token.lookupId());
    assertThat(parsed.hash()).isEqualTo(token.hash());
  }

  @Property
  void oneChangedCharacterMakesItMalformed(
      @ForAll @IntRange(max = KeyToken.LENGTH - 1) int position, @ForAll char replacement) {
    String text = KeyToken.generate(RANDOM).reveal();
    if (text.charAt(position) != replacement) {
      String changed = text.substring(0, position) + replacement + text.substring(position + 1);
      assertThat(KeyToken.parse(changed)).isNull();
    }
  }

  @Property
  void noTextMakesTheParserThrow(@ForAll String text) {
    assertThat(KeyToken.parse(text)).isNull();
    assertThat(KeyToken.parse("ng-" + text + "-g1-" + text)).isNull();
  }

  @Test
  void toStringAndDisplayNameHideTheSecret() {
    KeyToken token = KeyToken.generate(RANDOM);
    String secret = token.reveal().substring(23);
    assertThat(token.toString()).hasSize(14).doesNotContain(secret).isEqualTo(token.displayName());
  }

  @Test
  void anythingWithBothMarksIsMeantAsAKey() {
    assertThat(KeyToken.isMeantAsKey("ng-x-g1-y")).isTrue();
    assertThat(KeyToken.isMeantAsKey("ng--g1-")).isTrue();
    assertThat(KeyToken.isMeantAsKey("sk-proj-1")).isFalse();
    assertThat(KeyToken.isMeantAsKey("ng-g1-")).isFalse();
  }
}
