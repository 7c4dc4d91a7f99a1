package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Authorization;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Heads that two readers could take for two different requests (RFC 9112 section 11.2), and heads
 * that are too large: each is answered, and nothing after it is.
 */
class RefusedHeadTest {
  private static final ScriptedPolicy POLICY = ScriptedPolicy.echo(Authorization.NONE);
  private static final RunningGateway GATEWAY = RunningGateway.with(POLICY);

  /** What an attacker would like to be served as a request of its own. */
  private static final String SMUGGLED = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @AfterEach
  void nothingReachedThePolicy() {
    assertThat(POLICY.seen()).isEmpty();
  }

  private static Arguments head(String name, String head) {
    return Arguments.of(name, head);
  }

  /** A POST with a Host and these lines. */
  private static Arguments lines(String name, String... lines) {
    return head(
        name, "POST /v1/x HTTP/1.1\r\nHost: x\r\n" + String.join("\r\n", lines) + "\r\n\r\n");
  }

  static Stream<Arguments> ambiguousLengths() {
    return Stream.of(
        lines("length and encoding", "Content-Length: 5", "Transfer-Encoding: chunked"),
        lines("encoding and length", "Transfer-Encoding: chunked", "Content-Length: 5"),
        lines("two lengths that differ", "Content-Length: 5", "Content-Length: 6"),
        lines("two lengths that are equal", "Content-Length: 5", "Content-Length: 5"),
        lines("two lengths in other letter cases", "content-length: 5", "CONTENT-LENGTH: 5"),
        lines("list of equal lengths", "Content-Length: 1, 1"),
        lines("list of lengths", "Content-Length: 1,2"),
        lines("negative length", "Content-Length: -1"),
        lines("length with a plus", "Content-Length: +5"),
        lines("hexadecimal length", "Content-Length: 0x5"),
        lines("hexadecimal digits", "Content-Length: a"),
        lines("length with a fraction", "Content-Length: 5.0"),
        lines("length with a blank inside", "Content-Length: 1 0"),
        lines("empty length", "Content-Length: "),
        lines("length beyond a long", "Content-Length: 9223372036854775808"),
        lines("length of many digits", "Content-Length: 99999999999999999999999999"),
        lines("length in other digits", "Content-Length: \u00b2"),
        lines("encoding of another kind", "Transfer-Encoding: gzip"),
        lines("encoding after another", "Transfer-Encoding: gzip, chunked"),
        lines("encoding before another", "Transfer-Encoding: chunked, identity"),
        lines("encoding twice in one line", "Transfer-Encoding: chunked, chunked"),
        lines("encoding twice", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked"),
        lines("encoding and none", "Transfer-Encoding: chunked", "Transfer-Encoding: identity"),
        lines("identity", "Transfer-Encoding: identity"),
        lines("encoding with a parameter", "Transfer-Encoding: chunked;q=1"),
        lines("quoted encoding", "Transfer-Encoding: \"chunked\""),
        lines("encoding with a prefix", "Transfer-Encoding: xchunked"),
        lines("empty encoding", "Transfer-Encoding:"),
        lines("encoding with a vertical tab", "Transfer-Encoding: \u000bchunked"),
        lines("folded encoding", "Transfer-Encoding:", " chunked"),
        head(
            "encoding in HTTP/1.0",
            "POST /v1/x HTTP/1.0\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"));
  }

  static Stream<Arguments> ambiguousHosts() {
    return Stream.of(
        lines("host twice", "Host: x"),
        lines("two hosts", "Host: y"),
        head("no host", "GET /v1/x HTTP/1.1\r\n\r\n"),
        head("empty host", "GET /v1/x HTTP/1.1\r\nHost:\r\n\r\n"),
        head("host with user", "GET /v1/x HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        head("host with path", "GET /v1/x HTTP/1.1\r\nHost: a/b\r\n\r\n"),
        head("two hosts in a line", "GET /v1/x HTTP/1.1\r\nHost: a, b\r\n\r\n"),
        head("host with a bad port", "GET /v1/x HTTP/1.1\r\nHost: a:65536\r\n\r\n"),
        head("host with an empty port", "GET /v1/x HTTP/1.1\r\nHost: a:\r\n\r\n"),
        head("host with two ports", "GET /v1/x HTTP/1.1\r\nHost: a:1:2\r\n\r\n"),
        head("unclosed bracket", "GET /v1/x HTTP/1.1\r\nHost: [::1\r\n\r\n"));
  }

  static Stream<Arguments> malformedLines() {
    return Stream.of(
        lines("folded line", "X-A: b", " c"),
        lines("line folded with a tab", "X-A: b", "\tc"),
        head("first line folded", "GET /v1/x HTTP/1.1\r\n Host: x\r\n\r\n"),
        head("bare LF after request line", "GET /v1/x HTTP/1.1\nHost: x\r\n\r\n"),
        head("bare LF after a header", "GET /v1/x HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n"),
        head("bare LF at the end", "GET /v1/x HTTP/1.1\r\nHost: x\r\n\n"),
        head("bare CR in a value", "GET /v1/x HTTP/1.1\r\nHost: x\r\nX-A: b\rX-B: c\r\n\r\n"),
        head("two CR", "GET /v1/x HTTP/1.1\r\nHost: x\r\r\n\r\n"),
        lines("NUL in a value", "X-A: b\0c"),
        lines("escape in a value", "X-A: \u001b[2J"),
        lines("DEL in a value", "X-A: \u007f"),
        lines("form feed in a value", "X-A: \f"),
        lines("blank before the colon", "X-A : b"),
        lines("tab before the colon", "Content-Length\t: 5"),
        lines("empty name", ": b"),
        lines("no colon", "X-A"),
        lines("NUL in a name", "X\0A: b"),
        lines("parenthesis in a name", "X(A): b"),
        lines("letter beyond ASCII in a name", "X-\u00e4: b"),
        lines("quote in a name", "\"X\": b"));
  }

  static Stream<Arguments> malformedRequestLines() {
    return Stream.of(
        line(""),
        line("GET"),
        line("GET /v1/x"),
        line("GET  /v1/x HTTP/1.1"),
        line("GET /v1/x  HTTP/1.1"),
        line("GET /v1/x HTTP/1.1 "),
        line(" GET /v1/x HTTP/1.1"),
        line("GET\t/v1/x\tHTTP/1.1"),
        line("GET /v1/x y HTTP/1.1"),
        line("GET /v1/x HTTP/1.2"),
        line("GET /v1/x HTTP/2.0"),
        line("GET /v1/x HTTP/0.9"),
        line("GET /v1/x http/1.1"),
        line("GET /v1/x HTTP/1.1x"),
        line("GET /v1/x HTTPS/1.1"),
        line("G@T /v1/x HTTP/1.1"),
        line("G\0T /v1/x HTTP/1.1"),
        line("GET /v1/\0 HTTP/1.1"),
        line("GET /v1/\u00e4 HTTP/1.1"),
        line("GET /v1/\u007f HTTP/1.1"),
        line("GET /v1/x#y HTTP/1.1"),
        line("GET v1/x HTTP/1.1"),
        line("GET x:443 HTTP/1.1"),
        line("CONNECT x:443 HTTP/1.1"),
        line("OPTIONS * HTTP/1.1"),
        line("GET http://other/v1/x HTTP/1.1"),
        line("GET http://x@x/v1/x HTTP/1.1"),
        line("GET ftp://x/v1/x HTTP/1.1"),
        line("GET //x/v1/x/../y HTTP/1.1"),
        line("GET /v1/../x HTTP/1.1"),
        line("GET /v1/%2e%2e/x HTTP/1.1"),
        line("GET /v1/.%2E HTTP/1.1"),
        line("GET /v1/..%2fx HTTP/1.1"),
        line("GET /v1\\x HTTP/1.1"),
        line("GET /v1/%5cx HTTP/1.1"),
        line("GET /v1/%00 HTTP/1.1"),
        line("GET /v1/%zz HTTP/1.1"),
        line("GET /v1/% HTTP/1.1"),
        line("PRI * HTTP/2.0"),
        line("\u0016\u0003\u0001\u0002"));
  }

  private static Arguments line(String line) {
    return head("`" + line + "`", line + "\r\nHost: x\r\n\r\n");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"ambiguousLengths", "ambiguousHosts", "malformedLines", "malformedRequestLines"})
  void anAmbiguousHeadIsRefusedAndNothingAfterItIsServed(String name, String head) {
    assertRefused(head, 400, "ERR_KEYGATE_MALFORMED_REQUEST");
  }

  static Stream<Arguments> largeHeads() {
    return Stream.of(
        head("request line", "GET /" + "x".repeat(8 * 1024) + " HTTP/1.1\r\nHost: x\r\n\r\n"),
        head("one line", "GET / HTTP/1.1\r\nHost: x\r\nX-A: " + "b".repeat(33_000) + "\r\n\r\n"),
        head("many lines", "GET / HTTP/1.1\r\nHost: x\r\n" + "X-A: b\r\n".repeat(100) + "\r\n"),
        head(
            "many long lines",
            "GET / HTTP/1.1\r\nHost: x\r\n"
                + ("X-A: " + "b".repeat(600) + "\r\n").repeat(60)
                + "\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("largeHeads")
  void aHeadThatIsTooLargeIsRefusedAndNothingAfterItIsServed(String name, String head) {
    assertRefused(head, 431, "ERR_KEYGATE_HEADERS_TOO_LARGE");
  }

  @Test
  void aRequestLineWithoutEndIsRefusedBeforeItEnds() {
    try (RawClient client = GATEWAY.connect()) {
      RawClient.Answer answer = client.send("GET /" + "x".repeat(10_000)).answer();
      assertThat(answer.status()).isEqualTo(431);
      assertThat(client.rest()).isEmpty();
    }
  }

  @Test
  void aHeadIsRefusedHoweverItIsCutIntoPieces() {
    String head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1, 1\r\n\r\n";
    for (int cut = 1; cut < head.length(); cut += 7) {
      try (RawClient client = GATEWAY.connect()) {
        client.send(head.substring(0, cut)).sendInVain(head.substring(cut));
        assertThat(client.answer().status()).as("cut at %d", cut).isEqualTo(400);
      }
    }
  }

  private static void assertRefused(String head, int status, String code) {
    try (RawClient client = GATEWAY.connect()) {
      client.send(head).sendInVain(SMUGGLED);
      RawClient.Answer answer = client.answer();
      assertThat(answer.status()).isEqualTo(status);
      assertThat(answer.header("x-keygate-error")).isEqualTo(code);
      assertThat(answer.header("x-request-id")).matches("req_[0-9A-Za-z]{27}");
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.body())
          .startsWith("{\"error\":{\"message\":\"")
          .contains("[" + code + "]\",\"type\":\"invalid_request_error\",\"param\":null");
      assertThat(client.rest()).isIn("", "(reset)");
    }
  }
}
