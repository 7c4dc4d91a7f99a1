package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class VerifyWebhookTest {
  private static final String BODY = "{\"event\": 1}";

  @Test
  void aSignedRequestPassesAndAnyOtherIsRefused() throws GeneralSecurityException {
    String signature = "sha256=" + hmac("key", BODY);
    assertThat(verified("github", "x-hub-signature-256", signature)).isTrue();
    assertThat(verified("github", "x-hub-signature-256", "sha256=" + hmac("other", BODY)))
        .isFalse();
    assertThat(verified("github", "x-hub-signature-256", "")).isFalse();
    assertThat(verified("github")).isFalse();
  }

  @Test
  void aSignedTimeMustBeRecent() throws GeneralSecurityException {
    long now = Exchanges.NOW.getEpochSecond();
    assertThat(verified("stripe", "stripe-signature", stripe(now))).isTrue();
    assertThat(verified("stripe", "stripe-signature", stripe(now - 301))).isFalse();
    assertThat(verified("stripe", "stripe-signature", stripe(now).replace("t=", "x="))).isFalse();
    String slack = "v0=" + hmac("key", "v0:" + now + ":" + BODY);
    assertThat(verified("slack", "x-slack-signature", slack, "x-slack-request-timestamp", "" + now))
        .isTrue();
  }

  @Test
  void aSharedTokenIsCompared() {
    assertThat(verified("gitlab", "x-gitlab-token", "key")).isTrue();
    assertThat(verified("gitlab", "x-gitlab-token", "kex")).isFalse();
  }

  @Test
  void anUnknownServiceIsRefusedWhenSaved() {
    assertThat(problems(policy("githup")))
        .singleElement()
        .asString()
        .contains("'githup': did you mean 'github'?");
  }

  private static String stripe(long time) throws GeneralSecurityException {
    return "t=" + time + ",v1=" + hmac("key", time + "." + BODY) + ",v0=00";
  }

  private static boolean verified(String provider, String... headers) {
    Exchange exchange = Exchanges.request("POST", "/", BODY, headers);
    return Policies.policy(policy(provider)).onHttpRequest(exchange) instanceof Outcome.Continue;
  }

  private static String policy(String provider) {
    return "on_http_request:\n- actions:\n  - type: verify-webhook\n    config: {provider: "
        + provider
        + ", secret: key}\n";
  }

  private static String hmac(String secret, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
