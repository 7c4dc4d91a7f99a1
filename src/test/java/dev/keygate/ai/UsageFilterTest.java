package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsageFilterTest {
  private static final String SAID =
      "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\\\"choices\\\":[] Grüße\"}}],\"usage\":null}|";
  private static final String FILTERED =
      "data: {\"choices\":[],\"prompt_filter_results\":[]}|: a comment||";
  private static final String USAGE =
      "data: {\"id\":\"x\",\"choices\": [ ],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}|";
  private static final String DONE = "data: [DONE]|";

  @ParameterizedTest
  @ValueSource(strings = {"\n\n", "\r\n\r\n"})
  void onlyTheUsageIsTakenOutWhereverTheStreamIsCut(String end) {
    Buffer in = Buffer.buffer((FILTERED + SAID + USAGE + DONE).replace("|", end));
    String expected = (FILTERED + SAID + DONE).replace("|", end);
    for (int cut = 0; cut <= in.length(); cut++) {
      UsageFilter filter = new UsageFilter();
      Buffer out = Buffer.buffer();
      for (Buffer piece : List.of(in.getBuffer(0, cut), in.getBuffer(cut, in.length()))) {
        out.appendBuffer(filter.add(piece));
      }
      out.appendBuffer(filter.end());
      assertThat(out).hasToString(expected);
    }
  }

  @Test
  void aLongEventPassesUnread() {
    UsageFilter filter = new UsageFilter();
    Buffer half = Buffer.buffer("x".repeat(40_000));
    assertThat(filter.add(half).length()).isZero();
    assertThat(filter.add(half).length()).isEqualTo(80_000);
    assertThat(filter.end().length()).isZero();
  }
}
