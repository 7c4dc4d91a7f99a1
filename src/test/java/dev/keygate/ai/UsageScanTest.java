package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageScanTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":7,\"total_tokens\":19}} | 19",
        "{\"usage\":{\"prompt_tokens\" : 12, \"completion_tokens\": 7}} | 19",
        "{\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":5,\"output_tokens\":3}} | 18",
        "{\"input_tokens\":10,\"output_tokens\":1} {\"output_tokens\":40} | 50",
        "{\"text\":\"the \\\"total_tokens\\\": 9000 of it\",\"total_tokens\":3} | 3",
        "{\"text\":\"{\\\"total_tokens\\\":9000}\"} | 0",
        "{\"total_tokens\":\"9\",\"total_tokens\":null,\"x\":\"total_tokens\"} | 0",
        "{\"a\":\"b\",\"total_tokens\":5}{\"total_tokens\":2} | 5",
        "{\"total_tokens\":99999999999999999999} | 1000000000",
        "{\"cache_creation_input_tokens\":1,\"cache_read_input_tokens\":2,\"input_tokens\":4} | 7",
        "{\"x_total_tokens\":4,\"tokens\":5,\"total_tokens_x\":6,\"total_tokens\"7:8} | 0",
        "{\"total_tokens\" \t: \t 12 ,\"total_tokens\":\"13\"} | 12",
        "{\"s\":\"tokens\",\"kotens\":1,\"\":\"\",\"prompt_tokens\":1 | 0",
        "{\"prompt_tokens\"input_tokens\":7} | 7",
        "{} | 0",
      })
  void countsAreFoundWhereverChunksAreCut(String answer, long tokens) {
    for (int cut = 0; cut <= answer.length(); cut++) {
      for (int other = cut; other <= answer.length(); other++) {
        UsageScan scan = new UsageScan();
        scan.add(Buffer.buffer(answer.substring(0, cut)));
        scan.add(Buffer.buffer(answer.substring(cut, other)));
        scan.add(Buffer.buffer(answer.substring(other)));
        assertThat(scan.tokens()).as("cut at %d and %d", cut, other).isEqualTo(tokens);
      }
    }
  }

  @Property
  void piecesOfAnyLengthSayWhatTheWholeSays(
      @ForAll("pieces") List<String> pieces, @ForAll @IntRange(min = 1, max = 40) int length) {
    String answer = String.join("", pieces);
    UsageScan whole = new UsageScan();
    whole.add(Buffer.buffer(answer));
    UsageScan cut = new UsageScan();
    for (int at = 0; at < answer.length(); at += length) {
      cut.add(Buffer.buffer(answer.substring(at, Math.min(answer.length(), at + length))));
    }
    assertThat(cut.usage()).isEqualTo(whole.usage()).isEqualTo(byPattern(answer).usage());
    assertThat(cut.bytes()).isEqualTo(answer.length());
  }

  @Provide
  Arbitrary<List<String>> pieces() {
    return Arbitraries.of(
            "\"prompt_tokens\"",
            "\"completion_tokens\":",
            "\"cache_read_input_tokens\": ",
            "input_tokens\"",
            "\\\"output_tokens\\\":9",
            "tokens",
            "\"",
            ":",
            " ",
            "\n",
            "7",
            "41",
            ",",
            "data: {",
            "x")
        .list()
        .ofMaxSize(60);
  }

  /** The same rule as an expression over the whole answer. */
  private static UsageScan byPattern(String answer) {
    UsageScan scan = new UsageScan();
    Matcher matcher =
        Pattern.compile("\"([a-z_]+tokens)\"[ \\n]*:[ \\n]*([0-9]+)(?=[^0-9])").matcher(answer);
    while (matcher.find()) {
      scan.add(Buffer.buffer('"' + matcher.group(1) + "\":" + matcher.group(2) + ' '));
    }
    return scan;
  }
}
