package dev.keygate.ai.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class StreamTranslationTest {
  private static final TokenUsage USAGE = new TokenUsage(120, 100, 0, 34, 0);

  static Stream<Arguments> pairs() {
    return Stream.of(Dialect.values())
        .flatMap(client ->
            Stream.of(Dialect.values())
                .filter(provider -> provider != client)
                .map(provider -> Arguments.of(client, provider)));
  }

  private static StreamTranslation translation(Dialect client, Dialect provider) throws Exception {
    return Translation.of(client, provider, Recorded.request(client), Target.openAi("m")).stream(
        1_760_000_000);
  }

  private static byte[] translate(Dialect client, Dialect provider, byte[] in, int... cuts)
      throws Exception {
    StreamTranslation translation = translation(client, provider);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int from = 0;
    for (int cut : cuts) {
      out.writeBytes(translation.add(Arrays.copyOfRange(in, from, cut)));
      from = cut;
    }
    out.writeBytes(translation.add(Arrays.copyOfRange(in, from, in.length)));
    out.writeBytes(translation.end());
    assertThat(translation.usage()).isEqualTo(USAGE);
    return out.toByteArray();
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamCutAtAnyByteGivesTheSameBytes(Dialect client, Dialect provider) throws Exception {
    byte[] in = Recorded.stream(provider);
    byte[] whole = translate(client, provider, in);
    for (int cut = 0; cut <= in.length; cut++) {
      assertThat(translate(client, provider, in, cut)).isEqualTo(whole);
    }
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamMeansTheSameAfterTranslation(Dialect client, Dialect provider) throws Exception {
    byte[] in = Recorded.stream(provider);
    byte[] out = translate(client, provider, in);
    assertThat(said(Recorded.events(client, out, out.length / 2)))
        .isEqualTo(said(Recorded.events(provider, in, 0)));
  }

  /** Less what the beginning says of the usage, which only one API does. */
  private static List<StreamEvent> said(List<StreamEvent> events) {
    return events.stream()
        .map(event ->
            event instanceof StreamEvent.Begin begin
                ? new StreamEvent.Begin(begin.id(), begin.model(), TokenUsage.NONE)
                : event)
        .toList();
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theRecordedStreamsSayTheSame(Dialect dialect) throws Exception {
    byte[] in = Recorded.stream(dialect);
    assertThat(Recorded.events(dialect, in, 0).stream().skip(1))
        .containsExactly(
            new StreamEvent.TextBegin(),
            new StreamEvent.TextDelta("Grüße, "),
            new StreamEvent.TextDelta("I look 🌦 it up."),
            new StreamEvent.BlockEnd(),
            new StreamEvent.ToolBegin("call_a", "get_weather"),
            new StreamEvent.ToolDelta("{\"city\":"),
            new StreamEvent.ToolDelta("\"Paris\"}"),
            new StreamEvent.BlockEnd(),
            new StreamEvent.ToolBegin("call_b", "get_time"),
            new StreamEvent.ToolDelta("{}"),
            new StreamEvent.BlockEnd(),
            new StreamEvent.Finish(Reply.Ending.of(Reply.Stop.TOOL_CALLS), USAGE));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void aStreamThatEndsTooSoonIsNoAnswer(Dialect client, Dialect provider) throws Exception {
    byte[] in = Recorded.stream(provider);
    StreamTranslation translation = translation(client, provider);
    translation.add(Arrays.copyOf(in, in.length / 2));
    assertThatThrownBy(translation::end)
        .isInstanceOf(UntranslatableException.class)
        .hasMessageContaining("ended before");
  }

  @Test
  void anErrorInAStreamTakesTheClientsShape() throws Exception {
    byte[] overloaded =
        Recorded.json(
            "event: error\ndata: {'type':'error','error':{'type':'overloaded_error','message':'Overloaded'}}\n\n");
    StreamTranslation translation = translation(Dialect.CHAT, Dialect.MESSAGES);
    assertThat(text(translation.add(overloaded)))
        .startsWith("data: {\"error\":{\"message\":\"Overloaded\",\"type\":\"server_error\"");
    assertThat(translation.end()).isEmpty();
    assertThat(text(translation(Dialect.RESPONSES, Dialect.MESSAGES).add(overloaded)))
        .startsWith("event: error\n")
        .contains("\"message\":\"Overloaded\"");
    byte[] limited =
        Recorded.json("data: {'error':{'message':'Slow down','type':'requests','code':null}}\n\n");
    assertThat(text(translation(Dialect.MESSAGES, Dialect.CHAT).add(limited)))
        .isEqualTo(
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Slow down\"}}\n\n");
  }

  @Test
  void usageIsShownToTheClientThatAskedForIt() throws Exception {
    byte[] quiet =
        Recorded.json("{'model':'m','messages':[{'role':'user','content':'Hi'}],'stream':true}");
    StreamTranslation translation =
        Translation.of(Dialect.CHAT, Dialect.MESSAGES, quiet, Target.openAi("m")).stream(1);
    assertThat(text(translation.add(Recorded.stream(Dialect.MESSAGES)))).doesNotContain("usage");
    assertThat(translation.usage()).isEqualTo(USAGE);
  }

  @Test
  void toolCallsThatTakeTurnsBreakTheStream() throws Exception {
    StreamTranslation translation = translation(Dialect.MESSAGES, Dialect.CHAT);
    translation.add(call(0, "a"));
    translation.add(call(1, "b"));
    assertThatThrownBy(() -> translation.add(call(0, "a")))
        .isInstanceOf(UntranslatableException.class)
        .hasMessageContaining("take turns");
  }

  private static byte[] call(int index, String id) {
    return Recorded.json(
        "data: {'id':'x','model':'m','choices':[{'index':0,'delta':{'tool_calls':[{'index':%d,'id':'%s','function':{'name':'f','arguments':'1'}}]}}]}\n\n"
            .formatted(index, id));
  }

  @Test
  void linesMayEndInAnyWayThatTheStandardAllows() throws Exception {
    for (String end : List.of("\n", "\r\n", "\r")) {
      EventSplitter splitter = new EventSplitter();
      List<String> data = new ArrayList<>();
      String stream = ": a comment|event: x|data: one|data:two||data|id: 3||data: three||";
      for (byte b : stream.replace("|", end).getBytes(StandardCharsets.UTF_8)) {
        splitter.add(new byte[] {b}).forEach(event -> data.add(text(event)));
      }
      assertThat(data).containsExactly("one\ntwo", "three");
    }
  }

  @Test
  void anEventWithoutEndIsNotKept() throws Exception {
    EventSplitter splitter = new EventSplitter();
    byte[] half = new byte[EventSplitter.MAX_EVENT / 2];
    Arrays.fill(half, (byte) 'x');
    splitter.add(half);
    splitter.add(half);
    assertThatThrownBy(() -> splitter.add(half)).isInstanceOf(UntranslatableException.class);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
