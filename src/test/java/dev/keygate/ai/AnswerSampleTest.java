package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AnswerSampleTest {
  private static final InputTokens TOKENIZER = InputTokens.shared();
  private static final String CHAT =
      """
      {"id":"chatcmpl-1","choices":[{"message":{"role":"assistant","content":"Good morning to you"}}]}
      """;

  @Test
  void anAnswersTextsAreCountedAndNothingElseOfIt() {
    assertThat(estimated(CHAT)).isEqualTo(TOKENIZER.count("Good morning to you"));
    assertThat(estimated("{\"data\":[{\"embedding\":[0.5]}]}")).isZero();
  }

  @Test
  void aStreamsTextsAreCountedWhereverChunksAreCut() {
    String stream =
        event("{\"choices\":[{\"delta\":{\"role\":\"assistant\",\"content\":\"Good \"}}]}")
            + event("{\"choices\":[{\"delta\":{\"content\":\"morning to you\"}}]}")
            + event("[DONE]");
    for (int cut = 0; cut <= stream.length(); cut++) {
      assertThat(estimated(stream.substring(0, cut), stream.substring(cut)))
          .isEqualTo(TOKENIZER.count("Good morning to you"));
    }
  }

  @Test
  void whatIsSaidAgainAtTheEndCountsOnce() {
    String stream =
        event("{\"type\":\"response.output_text.delta\",\"delta\":\"Good morning\"}")
            + event("{\"type\":\"response.output_text.done\",\"text\":\"Good morning\"}");
    assertThat(estimated(stream)).isEqualTo(TOKENIZER.count("Good morning"));
  }

  @Test
  void theRestOfALongStreamIsTakenToBeLikeItsBeginning() {
    String one = event("{\"choices\":[{\"delta\":{\"content\":\" morning\"}}]}");
    long pieces = 10L * AnswerSample.MOST / one.length();
    assertThat(estimated(one.repeat((int) pieces)))
        .isBetween(pieces * 98 / 100, pieces * 102 / 100);
  }

  @Test
  void whatCannotBeReadIsNotEstimated() {
    assertThat(estimated("\u001f\u008b packed")).isEqualTo(-1);
    assertThat(estimated("{\"content\":\"cut o")).isEqualTo(-1);
    assertThat(estimated("")).isEqualTo(-1);
  }

  @Test
  void nothingIsKeptOfAnAnswerThatSaysItsTokens() {
    assertThat(estimated(CHAT, "{\"usage\":{\"total_tokens\":7}}")).isEqualTo(-1);
  }

  @Test
  void whatComesAfterACountIsNotCountedByIt() {
    String start =
        event("{\"type\":\"message_start\",\"message\":{\"usage\":{\"output_tokens\":1}}}");
    String text = event("{\"delta\":{\"type\":\"text_delta\",\"text\":\" morning\"}}").repeat(200);
    assertThat(estimated(start, text)).isBetween(200L, 204L);
  }

  @Test
  void theTokenizerIsReadInTheBackground() {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (InputTokens.ready() == null && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(InputTokens.ready()).isSameAs(TOKENIZER);
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static long estimated(String... chunks) {
    UsageScan scan = new UsageScan();
    AnswerSample sample = new AnswerSample();
    for (String chunk : chunks) {
      Buffer bytes = Buffer.buffer(chunk);
      scan.add(bytes);
      sample.add(bytes, scan);
    }
    return sample.tokens(scan.bytes(), TOKENIZER::count);
  }
}
