package dev.keygate.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class MasterKeyEnvelopeTest {
  private static final MasterKey KEY = MasterKey.generate();
  private static final MasterKeyEnvelope ENVELOPE = new MasterKeyEnvelope(List.of(KEY));
  private static final Secret VALUE = Secret.of("sk-proj-0123456789abcdef");

  @Property(tries = 300)
  void whatWasSealedOpensToTheSame(
      @ForAll @CharRange(from = '\0', to = '\uD7FF') @StringLength(max = 300) String value,
      @ForAll @CharRange(from = '\0', to = '\uD7FF') @StringLength(max = 60) String context)
      throws GeneralSecurityException {
    Secret secret = Secret.of(value);
    assertThat(ENVELOPE.open(ENVELOPE.seal(secret, context), context)).isEqualTo(secret);
  }

  @Property(tries = 300)
  void arbitraryBytesAreRefusedAndNothingElse(@ForAll byte[] bytes) {
    assertThatThrownBy(() -> ENVELOPE.open(bytes, "aigpk_1"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void aValueDoesNotOpenForAnotherContext() {
    byte[] sealed = ENVELOPE.seal(VALUE, "aigpk_1");
    for (String other : List.of("aigpk_2", "aigpk_", "aigpk_11", "")) {
      assertThatThrownBy(() -> ENVELOPE.open(sealed, other))
          .isInstanceOf(GeneralSecurityException.class);
    }
  }

  @Test
  void aFlippedBitInAnyByteIsRefused() {
    byte[] sealed = ENVELOPE.seal(VALUE, "aigpk_1");
    for (int i = 0; i < sealed.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = sealed.clone();
        changed[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> ENVELOPE.open(changed, "aigpk_1"))
            .as("byte %d bit %d", i, bit)
            .isInstanceOf(GeneralSecurityException.class);
      }
    }
  }

  @Test
  void aCutOrLengthenedValueIsRefused() {
    byte[] sealed = ENVELOPE.seal(VALUE, "aigpk_1");
    for (int length = 0; length <= sealed.length + 1; length++) {
      byte[] changed = Arrays.copyOf(sealed, length);
      if (length != sealed.length) {
        assertThatThrownBy(() -> ENVELOPE.open(changed, "aigpk_1"))
            .isInstanceOf(GeneralSecurityException.class);
      }
    }
  }

  @Test
  void partsOfTwoSealedValuesDoNotFitTogether() {
    byte[] one = ENVELOPE.seal(VALUE, "aigpk_1");
    byte[] other = ENVELOPE.seal(VALUE, "aigpk_1");
    System.arraycopy(other, 9, one, 9, 60); // the data key of the other
    assertThatThrownBy(() -> ENVELOPE.open(one, "aigpk_1"))
        .isInstanceOf(GeneralSecurityException.class);
  }

  @Test
  void theSameValueIsNeverSealedToTheSameBytes() {
    assertThat(ENVELOPE.seal(VALUE, "aigpk_1")).isNotEqualTo(ENVELOPE.seal(VALUE, "aigpk_1"));
  }

  @Test
  void theSealedBytesDoNotContainTheValue() {
    String sealed = new String(ENVELOPE.seal(VALUE, "aigpk_1"), StandardCharsets.ISO_8859_1);
    assertThat(sealed).doesNotContain(VALUE.reveal()).doesNotContain("aigpk_1");
  }

  @Test
  void aMasterKeyThatIsNotLoadedIsNamedWithWhatToDo() {
    byte[] sealed = ENVELOPE.seal(VALUE, "aigpk_1");
    Envelope stranger = new MasterKeyEnvelope(List.of(MasterKey.generate()));
    assertThatThrownBy(() -> stranger.open(sealed, "aigpk_1"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining(KEY.id())
        .hasMessageContaining("restore the master-key file or KEYGATE_MASTER_KEY");
  }

  @Test
  void aKeyThatLeftItsSourceStillOpensWhatItSealed() throws GeneralSecurityException {
    MasterKey other = MasterKey.generate();
    MasterKeyEnvelope envelope = new MasterKeyEnvelope(List.of(KEY), () -> List.of(other));
    byte[] before = ENVELOPE.seal(VALUE, "aigpk_1");
    byte[] after = envelope.seal(VALUE, "aigpk_1");
    assertThat(new MasterKeyEnvelope(List.of(other)).open(after, "aigpk_1")).isEqualTo(VALUE);
    assertThat(envelope.open(before, "aigpk_1")).isEqualTo(VALUE);
  }

  @Test
  void withoutItsSourceAnEnvelopeOpensWhatItCanAndSealsNothing() throws GeneralSecurityException {
    MasterKeyEnvelope envelope =
        new MasterKeyEnvelope(
            List.of(KEY),
            () -> {
              throw new IOException("master-key: is missing");
            });
    assertThat(envelope.open(ENVELOPE.seal(VALUE, "aigpk_1"), "aigpk_1")).isEqualTo(VALUE);
    byte[] strange = new MasterKeyEnvelope(List.of(MasterKey.generate())).seal(VALUE, "aigpk_1");
    assertThatThrownBy(() -> envelope.open(strange, "aigpk_1"))
        .isInstanceOf(GeneralSecurityException.class)
        .hasMessageContaining("master-key: is missing");
    assertThatThrownBy(() -> envelope.seal(VALUE, "aigpk_1"))
        .isInstanceOf(NoMasterKeyException.class)
        .hasMessageContaining("master-key: is missing");
  }

  @Test
  void afterRotationTheNewestKeySealsAndTheOldOneStillOpens() throws GeneralSecurityException {
    byte[] old = ENVELOPE.seal(VALUE, "aigpk_1");
    MasterKey newKey = MasterKey.generate();
    MasterKeyEnvelope rotated = new MasterKeyEnvelope(List.of(newKey, KEY));
    assertThat(rotated.open(old, "aigpk_1")).isEqualTo(VALUE);
    assertThat(rotated.isSealedByNewest(old)).isFalse();

    byte[] resealed = rotated.seal(VALUE, "aigpk_1");
    assertThat(rotated.isSealedByNewest(resealed)).isTrue();
    assertThat(new MasterKeyEnvelope(List.of(newKey)).open(resealed, "aigpk_1")).isEqualTo(VALUE);
    assertThatThrownBy(() -> ENVELOPE.open(resealed, "aigpk_1"))
        .isInstanceOf(GeneralSecurityException.class);
  }
}
