package dev.keygate.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUrlTest {

  @ParameterizedTest
  @CsvSource({
    "https://ai.example.com, https, ai.example.com, 0, 443",
    "HTTP://LocalHost:8080/, http, localhost, 8080, 8080",
    "https://*.Example.com, https, *.example.com, 0, 443",
    "http://[::1]:8080, http, [::1], 8080, 8080",
    "http://127.0.0.1, http, 127.0.0.1, 0, 80",
  })
  void aUrlIsTakenApart(String url, String scheme, String host, int port, int effectivePort) {
    EndpointUrl parsed = EndpointUrl.parse(url);
    assertThat(parsed).isEqualTo(new EndpointUrl(scheme, host, port));
    assertThat(parsed.effectivePort()).isEqualTo(effectivePort);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ai.example.com",
        "ftp://example.com",
        "https://",
        "https://user@example.com",
        "https://example.com/path",
        "https://example.com?x=1",
        "https://exa mple.com",
        "https://a..b",
        "https://-a.com",
        "https://a.*.com",
        "https://example.com:0",
        "https://example.com:70000",
        "https://example.com:",
      })
  void whatIsNoEndpointUrlIsRefusedWithAnExample(String url) {
    assertThatThrownBy(() -> EndpointUrl.parse(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected");
  }

  @Test
  void aWildcardStandsForNamesBelow() {
    assertThat(EndpointUrl.parse("https://*.example.com").hostPattern())
        .isEqualTo(new HostPattern("example.com", true, 0));
  }

  @Property
  void noTextMakesItThrowAnythingElse(@ForAll String text) {
    try {
      EndpointUrl parsed = EndpointUrl.parse("https://" + text);
      assertThat(EndpointUrl.parse(parsed.toString())).isEqualTo(parsed);
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageContaining("expected");
    }
  }
}
