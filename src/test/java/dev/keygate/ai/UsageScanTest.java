package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
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
        "{} | 0",
      })
  void countsAreFoundWhereverChunksAreCut(String answer, long tokens) {
    for (int cut = 0; cut <= answer.length(); cut++) {
      UsageScan scan = new UsageScan();
      scan.add(Buffer.buffer(answer.substring(0, cut)));
      scan.add(Buffer.buffer(answer.substring(cut)));
      assertThat(scan.tokens()).as("cut at %d", cut).isEqualTo(tokens);
    }
  }
}
