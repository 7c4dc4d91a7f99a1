package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.key.KeyToken;
import dev.keygate.key.TokenText;
import dev.keygate.policy.expression.EvaluationException;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class GatewayKeysTest {
  private static final String KEY = KeyToken.generate(new SecureRandom()).reveal();

  @Test
  void aKeyIsBlottedOutWhereverItStands() {
    assertThat(TokenText.redact("a Bearer " + KEY + ", \"" + KEY + "\" b"))
        .isEqualTo("a Bearer ng-***, \"ng-***\" b");
    assertThat(TokenText.redact("a plain-g1-text")).isEqualTo("a plain-g1-text");
  }

  @Test
  void aTextWithAKeyDoesNotLeave() {
    assertThatThrownBy(() -> GatewayKeys.refuse("x=" + KEY))
        .isInstanceOf(EvaluationException.class)
        .hasMessageNotContaining(KEY);
    assertThat(GatewayKeys.refuse("nothing of the kind")).isEqualTo("nothing of the kind");
  }
}
