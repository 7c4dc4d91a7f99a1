package dev.keygate.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Authorization;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chunked bodies that readers could take to end in different places (RFC 9112 section 7.1). */
class RefusedBodyTest {
  private static final ScriptedPolicy POLICY = ScriptedPolicy.echo(Authorization.NONE);
  private static final RunningGateway GATEWAY = RunningGateway.with(POLICY);
  private static final String HEAD =
      "POST /v1/messages HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final String SMUGGLED = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  private static Arguments body(String name, String body) {
    return Arguments.of(name, body);
  }

  static Stream<Arguments> badlyChunked() {
    return Stream.of(
        body("empty size", "\r\nhello\r\n0\r\n\r\n"),
        body("size is an extension", ";a\r\nhello\r\n0\r\n\r\n"),
        body("negative size", "-5\r\nhello\r\n0\r\n\r\n"),
        body("size with a plus", "+5\r\nhello\r\n0\r\n\r\n"),
        body("size with 0x", "0x5\r\nhello\r\n0\r\n\r\n"),
        body("blank before the size", " 5\r\nhello\r\n0\r\n\r\n"),
        body("blank after the size", "5 \r\nhello\r\n0\r\n\r\n"),
        body("tab before an extension", "5\t;a\r\nhello\r\n0\r\n\r\n"),
        body("size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n"),
        body("size beyond an int", "100000005\r\nhello\r\n0\r\n\r\n"),
        body("size beyond a long", "10000000000000005\r\nhello\r\n0\r\n\r\n"),
        body("many zeros", "0".repeat(100) + "5\r\nhello\r\n0\r\n\r\n"),
        body("letter that is no digit", "g\r\nhello\r\n0\r\n\r\n"),
        body("LF after the size", "5\nhello\r\n0\r\n\r\n"),
        body("CR after the size", "5\rhello\r\n0\r\n\r\n"),
        body("LF in an extension", "5;a\nb\r\nhello\r\n0\r\n\r\n"),
        body("CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"),
        body("NUL in an extension", "5;\0\r\nhello\r\n0\r\n\r\n"),
        body("long extension", "5;" + "a".repeat(5000) + "\r\nhello\r\n0\r\n\r\n"),
        body("many extensions", ("1;" + "a".repeat(500) + "\r\nx\r\n").repeat(20) + "0\r\n\r\n"),
        body("nothing after the data", "5\r\nhello0\r\n\r\n"),
        body("LF after the data", "5\r\nhello\n0\r\n\r\n"),
        body("CR after the data", "5\r\nhello\r0\r\n\r\n"),
        body("data longer than its size", "4\r\nhello\r\n0\r\n\r\n"),
        body("LF after the last size", "5\r\nhello\r\n0\n\r\n"),
        body("LF at the end", "5\r\nhello\r\n0\r\n\n"),
        body("trailer", "5\r\nhello\r\n0\r\nX-A: b\r\n\r\n"),
        body("trailer that frames", "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n"),
        body("trailer that authorizes", "5\r\nhello\r\n0\r\nx-api-key: k\r\n\r\n"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("badlyChunked")
  void aBadlyChunkedBodyIsRefusedAndNothingAfterItIsServed(String name, String body) {
    int before = POLICY.seen().size();
    try (RawClient client = GATEWAY.connect()) {
      client.send(HEAD + body).sendInVain(SMUGGLED);
      assertRefused(client.answer());
      assertThat(client.rest()).isIn("", "(reset)");
    }
    assertThat(POLICY.seen()).hasSize(before);
  }

  @Test
  void aBadChunkIsRefusedHoweverTheBodyIsCutIntoPieces() {
    String request = HEAD + "5;x=y\r\nhello\r\n0x5\r\n";
    for (int cut = HEAD.length() - 3; cut < request.length(); cut++) {
      try (RawClient client = GATEWAY.connect()) {
        client.send(request.substring(0, cut)).sendInVain(request.substring(cut));
        assertRefused(client.answer());
      }
    }
  }

  @Test
  void aBodyThatEndsTooEarlyIsNotServed() {
    int before = POLICY.seen().size();
    try (RawClient client = GATEWAY.connect()) {
      client.send(HEAD + "5\r\nhel").endOutput();
      assertThat(client.rest()).isIn("", "(reset)");
    }
    assertThat(POLICY.seen()).hasSize(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "5\r\nhello\r\n0\r\n\r\n",
        "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n",
        "00000005\r\nhello\r\n000\r\n\r\n",
        "5;name=value;other=\"quoted\"\r\nhello\r\n0;last\r\n\r\n",
        "1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n"
      })
  void aWellChunkedBodyIsServedAndSoIsWhatFollowsIt(String body) {
    try (RawClient client = GATEWAY.connect()) {
      client.send(HEAD + body + HEAD + body);
      assertThat(client.answer().body()).isEqualTo("hello");
      assertThat(client.answer().body()).isEqualTo("hello");
    }
  }

  private static void assertRefused(RawClient.Answer answer) {
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("x-keygate-error")).isEqualTo("ERR_KEYGATE_MALFORMED_REQUEST");
    assertThat(answer.header("x-request-id")).startsWith("req_");
    assertThat(answer.header("connection")).isEqualTo("close");
    assertThat(answer.body())
        .startsWith("{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"");
  }
}
