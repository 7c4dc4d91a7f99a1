package dev.keygate.policy.trial;

import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.secret.Secret;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The tests that stand beside a policy, as they are written. */
record TrialFile(
    @Setting("Values that `secrets.get(vault, secret)` gives here, by vault and secret.")
        Map<String, Map<String, String>> secrets,
    @Setting(value = "The tests.", atLeast = "1", atMost = "1000") List<Case> tests)
    implements SecretSource {

  /** Any may be named: whether a vault has it is known where the policy is saved. */
  @Override
  public boolean mayName(String vault, String secret) {
    return true;
  }

  @Override
  public @Nullable Secret find(String vault, String secret) {
    String value = secrets.getOrDefault(vault, Map.of()).get(secret);
    return value == null ? null : Secret.of(value);
  }

  /** One example request and what is expected of it. */
  record Case(
      @Setting("What the test shows.") String name,
      @Setting("The request.") Request request,
      @Setting(
              "What the provider answers when the request gets there; 200 with no body when left out.")
          @Nullable Answer response,
      @Setting("What must come of it.") Expectation expect) {}

  record Request(
      @Setting(value = "Method.", defaultsTo = "POST") String method,
      @Setting(value = "Path and query.", defaultsTo = "/v1/chat/completions") String path,
      @Setting(value = "Host, and port if need be.", defaultsTo = "localhost") String host,
      @Setting("Headers.") Map<String, String> headers,
      @Setting(value = "Body.", defaultsTo = "''") String body,
      @Setting(value = "Where it comes from.", defaultsTo = "203.0.113.7") String clientIp,
      @Setting("The valid gateway key it carries; none when left out.") @Nullable Key key) {}

  record Key(
      @Setting(value = "Its id.", defaultsTo = "aigk_test") String id,
      @Setting(value = "Its description.", defaultsTo = "''") String description,
      @Setting(value = "Its metadata.", defaultsTo = "''") String metadata) {}

  record Answer(
      @Setting(value = "Status.", defaultsTo = "200", atLeast = "200", atMost = "599") int status,
      @Setting("Headers.") Map<String, String> headers,
      @Setting(value = "Body.", defaultsTo = "''") String body) {}

  /** How a request ended. */
  enum Ending {
    /** It got to the provider. */
    FORWARDED,
    /** A rule answered it. */
    ANSWERED,
    /** It was refused with an error. */
    REFUSED,
    /** Its connection was closed. */
    CLOSED,
    /** No rule ended it. */
    UNANSWERED
  }

  record Expectation(
      @Setting("How it ends: `forwarded`, `answered`, `refused`, `closed` or `unanswered`.")
          @Nullable Ending outcome,
      @Setting("The status the client sees.") @Nullable Integer status,
      @Setting("Headers the client sees.") Map<String, String> headers,
      @Setting("The body the client sees.") @Nullable String body,
      @Setting("Something in the body the client sees.") @Nullable String bodyContains,
      @Setting("Headers of the request as the provider would see them.")
          Map<String, String> requestHeaders,
      @Setting("The path of the request as the provider would see it.")
          @Nullable String requestPath,
      @Setting("The body of the request as the provider would see it.")
          @Nullable String requestBody) {}
}
