package dev.keygate.ai.translate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RequestTranslationTest {
  /** A talk with all that the three APIs can say, in Chat Completions. */
  private static final String TALK =
      """
      {'model':'m','messages':[
        {'role':'system','content':'Be brief.'},
        {'role':'user','content':[
          {'type':'text','text':'What is this?'},
          {'type':'image_url','image_url':{'url':'data:image/png;base64,iVBORw0KGgo='}},
          {'type':'image_url','image_url':{'url':'https://example.com/cat.jpg'}}]},
        {'role':'assistant','content':'I look it up.','tool_calls':[
          {'id':'call_a','type':'function','function':{'name':'look','arguments':'{~at~:~cat~}'}},
          {'id':'call_b','type':'function','function':{'name':'look','arguments':'{}'}}]},
        {'role':'tool','tool_call_id':'call_a','content':'A cat.'},
        {'role':'tool','tool_call_id':'call_b','content':'Nothing.'},
        {'role':'user','content':'Grüße 🌦'}],
       'tools':[{'type':'function','function':{'name':'look','description':'Looks.',
         'parameters':{'type':'object','properties':{'at':{'type':'string','maxLength':12345678901234567890}}},
         'strict':true}}],
       'tool_choice':{'type':'function','function':{'name':'look'}},
       'parallel_tool_calls':false,
       'max_completion_tokens':300,'temperature':0.70,'top_p':0.9,'user':'u1',
       'response_format':{'type':'json_schema','json_schema':{'name':'answer','strict':true,
         'schema':{'type':'object'}}}}
      """;

  private static byte[] talk() {
    // A tilde stands for a quote inside a string.
    return Recorded.json(TALK.replace("~", "\\'"));
  }

  static Stream<Arguments> others() {
    return Stream.of(Arguments.of(Dialect.MESSAGES), Arguments.of(Dialect.RESPONSES));
  }

  @ParameterizedTest
  @MethodSource("others")
  void whatBothCanSayComesBackTheSame(Dialect other) throws Exception {
    Translation there = Translation.of(Dialect.CHAT, other, talk(), Target.openAi("m"));
    Translation back = Translation.of(other, Dialect.CHAT, there.body(), Target.openAi("m"));
    assertThat(there.dropped()).isEmpty();
    JsonNode expected = Json.object(talk(), "talk");
    JsonNode came = Json.object(back.body(), "talk");
    ((tools.jackson.databind.node.ObjectNode) came).remove("store");
    assertThat(came).isEqualTo(expected);
  }

  @Test
  void messagesAreWrittenAsTheirApiHasThem() throws Exception {
    JsonNode body = translated(Dialect.CHAT, Dialect.MESSAGES, talk());
    assertThat(body.path("system").stringValue("")).isEqualTo("Be brief.");
    assertThat(body.path("max_tokens").intValue(0)).isEqualTo(300);
    JsonNode messages = body.path("messages");
    assertThat(messages.size()).isEqualTo(3);
    assertThat(messages.path(0).path("content").path(1).path("source"))
        .isEqualTo(
            Json.object(
                Recorded.json("{'type':'base64','media_type':'image/png','data':'iVBORw0KGgo='}"),
                "source"));
    assertThat(messages.path(2).path("content").path(0).path("type").stringValue(""))
        .isEqualTo("tool_result");
    assertThat(body.path("tool_choice"))
        .isEqualTo(
            Json.object(
                Recorded.json("{'type':'tool','name':'look','disable_parallel_tool_use':true}"),
                "choice"));
    assertThat(Json.text(body.path("temperature"))).isEqualTo("0.70");
  }

  @Test
  void aBoundOnTheAnswerIsSetWhereTheProviderNeedsOne() throws Exception {
    byte[] body = Recorded.json("{'model':'m','messages':[{'role':'user','content':'Hi'}]}");
    Translation translation =
        Translation.of(
            Dialect.CHAT, Dialect.MESSAGES, body, Target.openAi("m").withUsualLimit(9000));
    assertThat(Json.object(translation.body(), "body").path("max_tokens").intValue(0))
        .isEqualTo(9000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT|MESSAGES|'n':2|n: cannot be said in the Messages API",
        "CHAT|MESSAGES|'logprobs':true|logprobs: cannot be said",
        "CHAT|MESSAGES|'temperature':1.5|temperature: the Messages API takes 0 to 1",
        "CHAT|MESSAGES|'temperature':1e400|temperature: the Messages API takes 0 to 1",
        "CHAT|MESSAGES|'response_format':{'type':'json_object'}|needs a schema",
        "CHAT|RESPONSES|'stop':['x']|stop: cannot be said in the Responses API",
        "CHAT|MESSAGES|'tools':[{'type':'custom','custom':{'name':'x'}}]|tools[0].type: only the provider's",
        "CHAT|MESSAGES|'messages':[{'role':'user','content':[{'type':'input_audio'}]}]|messages[0].content[0].type: cannot be translated; expected text or image_url",
        "CHAT|MESSAGES|'messages':[{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:text'}}]}]|messages[0].content[0].image_url.url: expected data:image",
        "CHAT|MESSAGES|'messages':[{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':'[1]'}}]}]|the arguments of tool call c: expected a JSON object",
        "MESSAGES|CHAT|'mcp_servers':[{}]|mcp_servers: cannot be said",
        "MESSAGES|CHAT|'tools':[{'type':'web_search_20250305','name':'web_search'}]|tools[0].type: only the provider's",
        "MESSAGES|CHAT|'messages':[{'role':'user','content':[{'type':'document'}]}]|messages[0].content[0].type: cannot be translated",
        "RESPONSES|CHAT|'previous_response_id':'resp_1'|previous_response_id: cannot be said",
        "RESPONSES|CHAT|'background':true|background: cannot be said",
        "RESPONSES|CHAT|'tools':[{'type':'web_search'}]|tools[0].type: only the provider's",
        "RESPONSES|CHAT|'input':[{'type':'item_reference'}]|input[0].type: cannot be translated",
      })
  void whatChangesTheAnswerIsRefusedWithItsPlace(
      Dialect client, Dialect provider, String field, String message) {
    assertThatThrownBy(() -> translated(client, provider, Recorded.json("{" + field + "}")))
        .isInstanceOf(UntranslatableException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aRequestOfMorePartsThanAreBuiltIsRefused() throws Exception {
    String metadata = "{'metadata':[" + "{},".repeat(Json.MAX_TOKENS / 2 - 4) + "%s{}]}";
    assertThat(translated(Dialect.CHAT, Dialect.MESSAGES, Recorded.json(metadata.formatted(""))))
        .isNotEmpty();
    byte[] tooMany = Recorded.json(metadata.formatted("{},{},{},"));
    assertThatThrownBy(() -> translated(Dialect.CHAT, Dialect.MESSAGES, tooMany))
        .isInstanceOf(UntranslatableException.class)
        .hasMessageStartingWith("request: too much to be translated; expected at most 200000 ");
  }

  @Test
  void argumentsOfToolCallsGoAsTheyAreWritten() throws Exception {
    byte[] body = calls(" { ~a~ : 1.50, ~b~: ~\\\\ud83c 🌦~ } ");
    Translation made = Translation.of(Dialect.CHAT, Dialect.MESSAGES, body, Target.openAi("m"));
    assertThat(new String(made.body(), java.nio.charset.StandardCharsets.UTF_8))
        .contains("\"input\": { \"a\" : 1.50, \"b\": \"\\ud83c 🌦\" } ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "{}}", "{} {}", "{~a~:01}", "{~a~:~\\ud800~}", "nothing"})
  void argumentsThatAreNoJsonAreRefused(String arguments) {
    byte[] body = calls(arguments);
    assertThatThrownBy(() -> translated(Dialect.CHAT, Dialect.MESSAGES, body))
        .isInstanceOf(UntranslatableException.class)
        .hasMessage("the arguments of tool call c: not valid JSON");
  }

  @Test
  void nothingIsBuiltOfTheArgumentsOfToolCalls() throws Exception {
    String arguments = "{~a~:[" + "{},".repeat(90_000) + "{}]}";
    byte[] body = calls(arguments, arguments, arguments, arguments);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Translation made = Translation.of(Dialect.CHAT, Dialect.MESSAGES, body, Target.openAi("m"));
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(made.dropped()).isEmpty();
    assertThat(allocated).isLessThan(16L * body.length);
  }

  /** A talk in which the model called a tool with each of these; a tilde stands for a quote. */
  private static byte[] calls(String... arguments) {
    String calls =
        Stream.of(arguments)
            .map(text -> "{'id':'c','function':{'name':'f','arguments':'" + text + "'}}")
            .collect(Collectors.joining(","));
    return Recorded.json(
        "{'messages':[{'role':'assistant','tool_calls':[%s]}]}"
            .formatted(calls)
            .replace("~", "\\'"));
  }

  @Test
  void halfOfASurrogatePairIsCarried() throws Exception {
    byte[] body = Recorded.json("{'messages':[{'role':'user','content':'a\\ud83c'}]}");
    JsonNode written = translated(Dialect.CHAT, Dialect.MESSAGES, body);
    assertThat(written.path("messages").path(0).path("content").stringValue(""))
        .isEqualTo("a\ud83c");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1e400", "1e-400", "0", "1.0000", "-9999999999999999999999"})
  void numbersKeepTheirDigitsHoweverLargeOrSmall(String temperature) throws Exception {
    byte[] body = Recorded.json("{'temperature':" + temperature + ",'top_p':1e400}");
    JsonNode written = translated(Dialect.CHAT, Dialect.MESSAGES, body);
    assertThat(written.path("temperature").decimalValue())
        .isEqualByComparingTo(new BigDecimal(temperature));
    assertThat(written.path("top_p").decimalValue()).isEqualByComparingTo(new BigDecimal("1e400"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CHAT|MESSAGES|'seed':1,'n':1,'logprobs':false,'presence_penalty':0,'brand_new':{'a':1}|seed,brand_new",
        "CHAT|MESSAGES|'reasoning_effort':'high','metadata':{'a':'b'},'store':false|reasoning_effort,metadata",
        "CHAT|RESPONSES|'reasoning_effort':'high','metadata':{'a':'b'},'logit_bias':{'1':2}|logit_bias",
        "CHAT|MESSAGES|'messages':[{'role':'user','name':'x','content':'a'},{'role':'system','content':'b'}]|messages[].name,messages[].role",
        "MESSAGES|CHAT|'top_k':3,'thinking':{'type':'disabled'},'system':[{'type':'text','text':'x','cache_control':{'type':'ephemeral'}}]|top_k,cache_control",
        "MESSAGES|CHAT|'thinking':{'type':'enabled','budget_tokens':2000}|thinking",
        "MESSAGES|CHAT|'messages':[{'role':'assistant','content':[{'type':'thinking','thinking':'hm'},{'type':'text','text':'x'}]}]|messages[].content[].thinking",
        "RESPONSES|MESSAGES|'reasoning':{'effort':'low'},'truncation':'disabled','include':['x'],'store':true|reasoning,include,store",
        "RESPONSES|CHAT|'reasoning':{'effort':'low'},'input':[{'type':'reasoning','id':'r'}]|input[].reasoning",
      })
  void whatIsLeftOutIsNamed(Dialect client, Dialect provider, String fields, String dropped)
      throws Exception {
    assertThat(
            Translation.of(
                    client, provider, Recorded.json("{" + fields + "}"), Target.compatible("m"))
                .dropped())
        .containsExactlyInAnyOrder(dropped.split(",", -1));
  }

  @Test
  void namesOfMadeUpFieldsCannotForgeAHeader() throws Exception {
    byte[] body = Recorded.json("{'a\\r\\nx-evil: 1':1,'" + "y".repeat(500) + "':2}");
    assertThat(Translation.of(Dialect.CHAT, Dialect.MESSAGES, body, Target.openAi("m")).dropped())
        .containsExactly("a??x-evil:?1", "y".repeat(64));
  }

  @Test
  void theBoundOnTheAnswerHasTheNameThatTheProviderTakes() throws Exception {
    byte[] body = Recorded.request(Dialect.MESSAGES);
    assertThat(
            Json.object(
                    Translation.of(Dialect.MESSAGES, Dialect.CHAT, body, Target.compatible("m"))
                        .body(),
                    "body")
                .path("max_tokens")
                .intValue(0))
        .isEqualTo(100);
    assertThat(
            translated(Dialect.MESSAGES, Dialect.CHAT, body)
                .path("max_completion_tokens")
                .intValue(0))
        .isEqualTo(100);
  }

  @Test
  void answersKeepWhatTheyCount() throws Exception {
    byte[] answer =
        Recorded.json(
            "{'id':'msg_1','model':'m','content':[{'type':'text','text':'Hi'}],'stop_reason':'stop_sequence','stop_sequence':'X','usage':{'input_tokens':5,'cache_read_input_tokens':7,'cache_creation_input_tokens':2,'output_tokens':3}}");
    Translation translation =
        Translation.of(
            Dialect.CHAT, Dialect.MESSAGES, Recorded.request(Dialect.CHAT), Target.openAi("m"));
    JsonNode chat = Json.object(translation.answer(answer, 1).body(), "answer");
    assertThat(chat.path("choices").path(0).path("finish_reason").stringValue(""))
        .isEqualTo("stop");
    assertThat(chat.path("usage").path("prompt_tokens").intValue(0)).isEqualTo(14);
    assertThat(chat.path("usage").path("total_tokens").intValue(0)).isEqualTo(17);
    assertThat(chat.path("usage").path("prompt_tokens_details").path("cached_tokens").intValue(0))
        .isEqualTo(7);
  }

  @Test
  void countsThatCannotBeAreBounded() throws Exception {
    byte[] answer =
        Recorded.json(
            "{'id':'c','model':'m','choices':[{'index':0,'message':{'role':'assistant','content':'Hi'},'finish_reason':'stop'}],'usage':{'prompt_tokens':9223372036854775807,'completion_tokens':-1}}");
    Translation translation =
        Translation.of(
            Dialect.MESSAGES, Dialect.CHAT, Recorded.request(Dialect.MESSAGES), Target.openAi("m"));
    assertThat(translation.answer(answer, 1).usage())
        .isEqualTo(new TokenUsage(1_000_000_000, 0, 0, 0, 0));
  }

  @Test
  void anErrorThatIsNoJsonIsShownAsItsText() throws Exception {
    Translation translation =
        Translation.of(
            Dialect.MESSAGES, Dialect.CHAT, Recorded.request(Dialect.MESSAGES), Target.openAi("m"));
    JsonNode error =
        Json.object(
            translation.error(
                413, "<html>too big".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
            "error");
    assertThat(error.path("error").path("type").stringValue("")).isEqualTo("request_too_large");
    assertThat(error.path("error").path("message").stringValue("")).isEqualTo("<html>too big");
  }

  private static JsonNode translated(Dialect client, Dialect provider, byte[] body)
      throws UntranslatableException {
    return Json.object(Translation.of(client, provider, body, Target.openAi("m")).body(), "body");
  }
}
