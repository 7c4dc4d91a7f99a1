package dev.keygate.policy.action;

import static dev.keygate.policy.Policies.problems;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
  void aKeyIsReadAsTheServiceWritesIt() throws GeneralSecurityException {
    String time = Long.toString(Exchanges.NOW.getEpochSecond());
    byte[] svix = hmac(new byte[] {1, 2, 3, 4}, "msg_1." + time + "." + BODY);
    String[] headers = {
      "svix-id", "msg_1", "svix-timestamp", time, "svix-signature", "v1,AAAA v1," + base64(svix)
    };
    assertThat(verifiedWith("whsec_AQIDBA==", "svix", headers)).isTrue();
    assertThat(verifiedWith("AQIDBA==", "svix", headers)).isTrue();
    assertThat(verifiedWith("not base64", "svix", headers)).isFalse();
    // The same mark means nothing to this service: its key is the whole text.
    byte[] key = "whsec_AQIDBA==".getBytes(StandardCharsets.UTF_8);
    String stripe = "t=" + time + ",v1=" + HexFormat.of().formatHex(hmac(key, time + "." + BODY));
    assertThat(verifiedWith("whsec_AQIDBA==", "stripe", "stripe-signature", stripe)).isTrue();
    assertThat(verifiedWith("AQIDBA==", "stripe", "stripe-signature", stripe)).isFalse();
    byte[] teams = hmac(new byte[] {1, 2, 3, 4}, BODY);
    String authorization = "HMAC " + base64(teams);
    assertThat(verifiedWith("AQIDBA==", "microsoft_teams", "authorization", authorization))
        .isTrue();
  }

  @Test
  void whatIsSignedMayBeTheAddressOrEndWithTheTime() throws GeneralSecurityException {
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    String now = Exchanges.NOW.toString();
    String box = base64(hmac(key, BODY + now));
    assertThat(verified("box", "box-signature-secondary", box, "box-delivery-timestamp", now))
        .isTrue();
    String late = Exchanges.NOW.minusSeconds(301).toString();
    assertThat(
            verified(
                "box",
                "box-signature-primary",
                base64(hmac(key, BODY + late)),
                "box-delivery-timestamp",
                late))
        .isFalse();
    String square = base64(hmac(key, "https://ai.example.com/" + BODY));
    assertThat(verified("square", "x-square-hmacsha256-signature", square)).isTrue();
    String zendesk = base64(hmac(key, now + BODY));
    assertThat(
            verified(
                "zendesk",
                "x-zendesk-webhook-signature",
                zendesk,
                "x-zendesk-webhook-signature-timestamp",
                now))
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "2026-05-03T20:02:01-07:00, true",
    "2026-05-04T05:02:01+02:00, true",
    "2026-05-04T03:02:01, true",
    "2026-05-04T03:02:01-07:00, false",
    "2026-05-04T03:02:01-07, false",
    "yesterday, false"
  })
  void aSignedTimeMayBeThatOfAnyPlace(String time, boolean isRecent)
      throws GeneralSecurityException {
    byte[] key = "key".getBytes(StandardCharsets.UTF_8);
    String signature = base64(hmac(key, BODY + time));
    assertThat(verified("box", "box-signature-primary", signature, "box-delivery-timestamp", time))
        .isEqualTo(isRecent);
  }

  @Test
  void noServiceAcceptsARequestWithoutItsSignature() {
    for (String provider : WebhookSchemes.names()) {
      assertThat(verified(provider)).as(provider).isFalse();
      assertThat(verified(provider, "authorization", "HMAC ")).as(provider).isFalse();
    }
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
    return verifiedWith("key", provider, headers);
  }

  private static boolean verifiedWith(String secret, String provider, String... headers) {
    Exchange exchange = Exchanges.request("POST", "/", BODY, headers);
    String policy = policy(provider).replace("secret: key", "secret: '" + secret + "'");
    return Policies.policy(policy).onHttpRequest(exchange) instanceof Outcome.Continue;
  }

  private static String policy(String provider) {
    return "on_http_request:\n- actions:\n  - type: verify-webhook\n    config: {provider: "
        + provider
        + ", secret: key}\n";
  }

  private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static String hmac(String secret, String text) throws GeneralSecurityException {
    return HexFormat.of().formatHex(hmac(secret.getBytes(StandardCharsets.UTF_8), text));
  }
}
