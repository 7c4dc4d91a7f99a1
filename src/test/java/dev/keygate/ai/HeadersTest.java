package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadersTest {
  private static final ProviderKey KEY = new ProviderKey("aigpk_1", "p", Secret.of("sk-secret"));
  private static final Set<String> MAY_PASS =
      Set.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "content-type",
          "content-encoding",
          "user-agent",
          "openai-beta",
          "anthropic-version",
          "anthropic-beta",
          "idempotency-key",
          "traceparent",
          "tracestate");

  @Property
  void onlyWhatIsListedPasses(@ForAll("names") String name) {
    boolean expected =
        MAY_PASS.contains(name.toLowerCase(Locale.ROOT))
            || (name.toLowerCase(Locale.ROOT).startsWith("x-stainless-") && name.length() > 12);
    assertThat(HeaderAllowList.with(List.of()).allows(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "Cookie",
        "Host",
        "Transfer-Encoding",
        "Content-Length",
        "Connection",
        "Proxy-Authorization"
      })
  void aCredentialOrConnectionFieldCannotBeForwardedByConfiguration(String name) {
    assertThat(HeaderAllowList.with(List.of(name)).allows(name)).isFalse();
  }

  @Test
  void aProvidersOwnForwardHeadersPassInAnyLetterCase() {
    HeaderAllowList list = HeaderAllowList.with(List.of("X-Tenant"));
    assertThat(list.allows("x-tenant")).isTrue();
    assertThat(list.allows("X-TENANT")).isTrue();
    assertThat(list.allows("x-tenants")).isFalse();
  }

  @Test
  void theClientsCredentialsAreReplacedByTheProvidersOwn() {
    MultiMap client =
        HttpHeaders.headers()
            .add("Authorization", "Bearer ng-x-g1-y")
            .add("x-api-key", "ng-x-g1-y")
            .add("Cookie", "a=b")
            .add("X-Forwarded-For", "1.2.3.4")
            .add("Accept", "a")
            .add("accept", "b");
    assertThat(written(client, Format.OPENAI).entries())
        .extracting(e -> e.getKey() + ": " + e.getValue())
        .containsExactlyInAnyOrder("Accept: a", "accept: b", "authorization: Bearer sk-secret");
    MultiMap anthropic = written(client, Format.ANTHROPIC);
    assertThat(anthropic.get("x-api-key")).isEqualTo("sk-secret");
    assertThat(anthropic.get("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(anthropic.contains("authorization")).isFalse();
  }

  @Test
  void theClientsAnthropicVersionStands() {
    MultiMap client = HttpHeaders.headers().add("Anthropic-Version", "2099-01-01");
    assertThat(written(client, Format.ANTHROPIC).getAll("anthropic-version"))
        .containsExactly("2099-01-01");
  }

  @Test
  void passthroughForwardsTheClientsCredentialAndOrganization() {
    HeaderAllowList list = HeaderAllowList.passthroughWith(List.of());
    assertThat(
            List.of("Authorization", "x-api-key", "OpenAI-Organization", "openai-project").stream())
        .allMatch(list::allows);
    assertThat(list.allows("cookie")).isFalse();
  }

  @Test
  void whatAProviderSaysOfItsHopAccountAndHostIsTakenOut() {
    MultiMap headers =
        HttpHeaders.headers()
            .add("Content-Type", "application/json")
            .add("Connection", "close, X-Hop")
            .add("X-Hop", "1")
            .add("Keep-Alive", "timeout=5")
            .add("Transfer-Encoding", "chunked")
            .add("Content-Length", "3")
            .add("Set-Cookie", "a=b")
            .add("OpenAI-Organization", "acme")
            .add("anthropic-organization-id", "acme")
            .add("Alt-Svc", "h3")
            .add("Strict-Transport-Security", "max-age=1")
            .add("X-Keygate-Error", "spoofed")
            .add("x-keygate-provider-request-id", "spoofed")
            .add("X-Request-Id", "req_provider")
            .add("Retry-After", "3")
            .add("x-ratelimit-remaining-requests", "9");
    ResponseHeaders.clean(headers);
    assertThat(headers.entries())
        .extracting(e -> e.getKey().toLowerCase(Locale.ROOT) + ": " + e.getValue())
        .containsExactlyInAnyOrder(
            "content-type: application/json",
            "x-keygate-provider-request-id: req_provider",
            "retry-after: 3",
            "x-ratelimit-remaining-requests: 9");
  }

  @Property
  void anyModelNameCanStandInAHeader(@ForAll String name) {
    String printable = ResponseHeaders.printable(name);
    assertThat(printable).hasSameSizeAs(name).matches("[!-~]*");
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.oneOf(
        Arbitraries.of(MAY_PASS),
        Arbitraries.of(MAY_PASS).map(name -> name.toUpperCase(Locale.ROOT)),
        Arbitraries.of(MAY_PASS).map(name -> name + 's'),
        Arbitraries.strings().withCharRange('!', '~').ofMaxLength(20).map(s -> "x-stainless-" + s),
        Arbitraries.strings().withCharRange('!', '~').ofMaxLength(30));
  }

  private static MultiMap written(MultiMap client, Format format) {
    MultiMap upstream = HttpHeaders.headers();
    new RequestHeaders(HeaderAllowList.with(List.of()))
        .write(client, Map.of(), format, KEY, upstream);
    return upstream;
  }
}
