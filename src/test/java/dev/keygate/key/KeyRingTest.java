package dev.keygate.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class KeyRingTest {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

  private Instant now = START;
  private final KeyRing ring = new KeyRing(() -> now);
  private final KeyToken first = KeyToken.generate(RANDOM);
  private final KeyToken second = KeyToken.generate(RANDOM);

  private static GatewayKey key(boolean disabled) {
    return new GatewayKey("aigk_1", "ep_1", "web", "", disabled, null);
  }

  private void put(KeyToken token, boolean disabled) {
    ring.put(key(disabled), token.lookup(), token.hash());
  }

  private void rotate(Duration grace) {
    ring.retired()
        .put(new RetiredToken(first.lookupId(), first.hash(), "aigk_1", START.plus(grace)));
    put(second, false);
  }

  @Test
  void bothTokensOpenTheSameKeyUntilTheGraceEnds() {
    put(first, false);
    assertThat(valid(first, "")).isEqualTo(key(false));
    rotate(Duration.ofHours(24));
    assertThat(ring.size()).isOne();

    assertThat(valid(second, "")).isEqualTo(key(false));
    now = START.plus(Duration.ofHours(24)).minusNanos(1);
    assertThat(valid(first, first.lookupId())).isEqualTo(key(false));
    now = START.plus(Duration.ofHours(24));
    assertThat(reason(first)).isEqualTo(KeyCheck.Reason.RETIRED);
    assertThat(ring.check(second.reveal())).isInstanceOf(KeyCheck.Valid.class);
  }

  @Test
  void aUseIsNewsOnceASecondWhicheverTokenItIs() {
    put(first, false);
    rotate(Duration.ofHours(24));
    assertThat(use(first).isFirstIn(7)).isTrue();
    assertThat(use(second).isFirstIn(7)).isFalse();
    assertThat(use(second).isFirstIn(8)).isTrue();
    put(second, false);
    assertThat(use(second).isFirstIn(8)).as("of a key that was changed").isTrue();
  }

  private KeyUse use(KeyToken token) {
    return ((KeyCheck.Valid) ring.check(token.reveal())).use();
  }

  private GatewayKey valid(KeyToken token, String retiredLookupId) {
    KeyCheck.Valid valid = (KeyCheck.Valid) ring.check(token.reveal());
    assertThat(valid.retiredLookupId()).isEqualTo(retiredLookupId);
    return valid.key();
  }

  @Test
  void theOldTokenIsRefusedAtOnceWithoutGrace() {
    put(first, false);
    rotate(Duration.ZERO);
    assertThat(reason(first)).isEqualTo(KeyCheck.Reason.RETIRED);
  }

  @Test
  void whatStopsTheKeyStopsBothTokens() {
    put(first, false);
    rotate(Duration.ofHours(1));
    put(second, true);
    assertThat(reason(first)).isEqualTo(KeyCheck.Reason.DISABLED);
    assertThat(reason(second)).isEqualTo(KeyCheck.Reason.DISABLED);
    ring.remove("aigk_1");
    assertThat(reason(first)).isEqualTo(KeyCheck.Reason.RETIRED);
    assertThat(reason(second)).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  @Test
  void onlyTheWholeTokenIsCounted() {
    put(first, false);
    rotate(Duration.ZERO);
    KeyToken guessed = withSecretOf(KeyToken.generate(RANDOM));
    assertThat(reason(guessed)).isEqualTo(KeyCheck.Reason.UNKNOWN);
    assertThat(ring.retired().drain()).isEmpty();

    ring.check(first.reveal());
    now = now.plusSeconds(5);
    ring.check(first.reveal());
    var counted = new RetiredTokens.Refusals(2, START.plusSeconds(5));
    assertThat(ring.retired().drain()).containsOnly(java.util.Map.entry(first.lookupId(), counted));
    assertThat(ring.retired().drain()).isEmpty();
    assertThat(ring.retired().refusals()).isEqualTo(2);

    ring.retired().restore(first.lookupId(), counted);
    ring.check(first.reveal());
    assertThat(ring.retired().drain().values())
        .extracting(RetiredTokens.Refusals::count)
        .containsExactly(3L);
  }

  @Test
  void oldRetiredTokensAreForgottenUnlessTheyAreStillGood() {
    put(first, false);
    rotate(Duration.ofHours(1));
    KeyToken dead = KeyToken.generate(RANDOM);
    ring.retired().put(new RetiredToken(dead.lookupId(), dead.hash(), "aigk_0", START));
    for (int i = 0; i < RetiredTokens.MOST; i++) {
      ring.retired().put(new RetiredToken("made-up-" + i, dead.hash(), "aigk_0", START));
    }
    assertThat(ring.check(first.reveal())).isInstanceOf(KeyCheck.Valid.class);
    assertThat(reason(dead)).isEqualTo(KeyCheck.Reason.UNKNOWN);
  }

  /** The lookup id of the first token with another's secret, and a checksum that is right. */
  private KeyToken withSecretOf(KeyToken other) {
    String body = first.reveal().substring(0, 23) + other.reveal().substring(23, 55);
    var crc = new java.util.zip.CRC32();
    crc.update(body.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
    KeyToken forged =
        KeyToken.parse(body + dev.keygate.identifier.Base62.encode(crc.getValue(), 6));
    assertThat(forged).isNotNull();
    return forged;
  }

  private KeyCheck.Reason reason(KeyToken token) {
    return ((KeyCheck.Invalid) ring.check(token.reveal())).reason();
  }
}
