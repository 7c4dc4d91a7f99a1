package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.document.Problem;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever a document says, the compiler answers with a policy or with problems. */
class AnyDocumentTest {
  private static final String VALID =
      """
      on_http_request:
        - name: one
          expressions: ["req.headers['a'][0] == 'b' && conn.client_ip in ['::1']"]
          actions:
            - type: custom-response
              config: {status_code: 401, body: "x ${req.method}", headers: {x-a: '${vars.b}'}}
        - type: ai-gateway
      """;

  @Property(tries = 1000)
  void anyBytesAreAnswered(@ForAll @Size(max = 200) byte[] bytes) {
    isAnswered(new String(bytes, StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void anyYamlLikeTextIsAnswered(@ForAll("yamlLike") String text) {
    isAnswered(text);
  }

  @Property(tries = 1000)
  void anyChangeToAValidDocumentIsAnswered(
      @ForAll @IntRange(max = 10_000) int place, @ForAll("yamlLike") String inserted) {
    int at = place % VALID.length();
    int to = Math.min(VALID.length(), at + place % 7);
    isAnswered(VALID.substring(0, at) + inserted + VALID.substring(to));
  }

  @Property(tries = 500)
  void anyExpressionIsAnswered(@ForAll("celLike") String expression) {
    isAnswered(
        "on_http_request:\n- actions: [{type: deny}]\n  expressions:\n  - |\n    "
            + expression
            + "\n");
  }

  @Provide
  Arbitrary<String> yamlLike() {
    return Arbitraries.of(
            "on_http_request",
            "type",
            "deny",
            "config",
            ":",
            ": ",
            "- ",
            "\n",
            "  ",
            "[",
            "]",
            "{",
            "}",
            ",",
            "&a ",
            "*a",
            "!x ",
            "|",
            ">",
            "'",
            "\"",
            "${",
            "}",
            "#",
            "%",
            "? ",
            "---",
            "0",
            "\t")
        .list()
        .ofMaxSize(24)
        .map(parts -> String.join("", parts));
  }

  @Provide
  Arbitrary<String> celLike() {
    return Arbitraries.of(
            "req.method",
            "req.headers",
            "['x']",
            "[0]",
            "vars",
            ".a",
            "==",
            " in ",
            "'a'",
            "1",
            "(",
            ")",
            "&&",
            "||",
            "!",
            "?",
            ":",
            "size",
            "has",
            "getReqHeader",
            "secrets.get",
            ".exists(x, ",
            "x",
            "[",
            "]",
            "{",
            "}",
            ",",
            "-",
            "\"\"\"",
            "r'",
            "b'",
            "int",
            "matches",
            "\\")
        .list()
        .ofMaxSize(16)
        .map(parts -> String.join("", parts));
  }

  private static void isAnswered(String document) {
    Compilation compilation = Policies.compile(document);
    assertThat(compilation.isAccepted()).isEqualTo(compilation.errors().isEmpty());
    for (Problem problem : compilation.problems()) {
      assertThat(problem.position().line()).isPositive();
      assertThat(PolicyCheck.report("x", document, compilation)).isNotEmpty();
    }
  }
}
