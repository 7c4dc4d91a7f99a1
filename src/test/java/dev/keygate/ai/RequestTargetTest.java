package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, /v1/chat/completions, , /v1/chat/completions",
    "https://generativelanguage.googleapis.com/v1beta/openai, /v1/chat/completions, ,"
        + " /v1beta/openai/chat/completions",
    "https://api.deepseek.com, /v1/chat/completions, , /v1/chat/completions",
    "https://api.deepseek.com/anthropic/v1, /v1/messages, , /anthropic/v1/messages",
    "https://ollama.internal/, /v1/embeddings, , /v1/embeddings",
    "https://h/a/, /v1/files, limit=2&after=f%20, /a/files?limit=2&after=f%20",
    "https://h, /v1/files, '', /v1/files",
    "https://h, /v1/files, key=sk-1, /v1/files",
    "https://h, /v1/files, a=1&KEY=x&b=2, /v1/files?a=1&b=2",
    "https://h, /v1/files, a=1&%6bey=x&api%5Fkey=y&access_token=z, /v1/files?a=1",
    "https://h, /v1/files, keys=1&monkey=2, /v1/files?keys=1&monkey=2"
  })
  void theBasePathReplacesTheVersion(
      String base, String path, @Nullable String query, String expected) {
    assertThat(RequestTarget.of(BaseUrl.parse(base), path, query)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/files/../admin",
        "/v1/files/..",
        "/v1/./files",
        "/v1/files/%2e%2e/admin",
        "/v1/files/%2E./x",
        "/v1/files/..%2fadmin",
        "/v1/files/%2e%2e%5cadmin",
        "/v1/files/..;x/y",
        "/v1/files\\..\\x",
        "/v1/a b",
        "/v1/a\r\nx",
        "/v1/\u00e9",
        "/v1/a#b",
        "/v1/%00x",
        "v1/files"
      })
  void aPathThatClimbsOrCannotBeSentIsRefused(String path) {
    assertThat(RequestTarget.isSafePath(path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/files/file-1",
        "/v1/files/a..b",
        "/v1/models/gpt-4.1",
        "/v1/files/...",
        "/v1/a%20b",
        "/v1/responses/resp_1/input_items"
      })
  void anOrdinaryPathIsNot(String path) {
    assertThat(RequestTarget.isSafePath(path)).isTrue();
  }

  @Property
  void noTextIsTooStrange(@ForAll String text) {
    RequestTarget.isSafePath('/' + text);
    if (RequestTarget.isSafe(text)) {
      assertThat(RequestTarget.of(BaseUrl.parse("https://h"), "/v1/x", text))
          .startsWith("/v1/x")
          .doesNotContain("\r", "\n", " ");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTPS://Api.Example.COM/v1/, https://api.example.com/v1, 443",
    "http://127.0.0.1:9090, http://127.0.0.1:9090, 9090",
    "http://[::1]:80, http://[::1], 80",
    "https://h:8443/a/b, https://h:8443/a/b, 8443"
  })
  void aBaseUrlIsReadAndShown(String text, String shown, int port) {
    assertThat(BaseUrl.parse(text)).hasToString(shown);
    assertThat(BaseUrl.parse(text).port()).isEqualTo(port);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h",
        "h",
        "",
        "https://",
        "https://user:pass@h",
        "https://h?x",
        "https://h#x",
        "https://h:0",
        "https://h:99999",
        "https://h/a/../b",
        "https://h/%2e%2e",
        "http:h",
        "https://a b"
      })
  void whatIsNoBaseUrlIsRefused(String text) {
    assertThatThrownBy(() -> BaseUrl.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("base_url");
  }
}
