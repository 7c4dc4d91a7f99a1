package dev.keygate.ai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class BodySpliceTest {

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void theResultIsWhatEditingTheTreeGives(
      @ForAll("requests") String json, @ForAll("names") String model) throws Exception {
    Buffer body = Buffer.buffer(json);
    TopLevelFields fields = TopLevelFields.of(body);
    Buffer changed =
        new BodySplice(body, fields).set("model", JsonText.encode(model)).remove("models").apply();
    ObjectNode expected = (ObjectNode) JsonBodies.JACKSON.readTree(json);
    expected.remove("models");
    expected.put("model", model);
    JsonNode actual = JsonBodies.JACKSON.readTree(changed.getBytes());
    assertThat(actual).isEqualTo(expected);
    assertThat(body.toString()).isEqualTo(json);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void anyFieldsCanBeRemovedTogether(@ForAll("requests") String json, @ForAll int choice)
      throws Exception {
    Buffer body = Buffer.buffer(json);
    TopLevelFields fields = TopLevelFields.of(body);
    BodySplice splice = new BodySplice(body, fields);
    ObjectNode expected = (ObjectNode) JsonBodies.JACKSON.readTree(json);
    for (int i = 0; i < fields.count(); i++) {
      if ((choice >> i & 1) == 1) {
        splice.remove(fields.name(i));
        expected.remove(fields.name(i));
      }
    }
    assertThat(JsonBodies.JACKSON.readTree(splice.apply().getBytes())).isEqualTo(expected);
  }

  @Test
  void everythingElseStaysByteForByte() throws Exception {
    Buffer body =
        Buffer.buffer(
            "\t{ \"a\" : 1.0e0 ,\"model\" :  \"openai:m\" , \"b\":\"\\u0041\\/\u00e9\"\n}\r\n");
    Buffer changed =
        new BodySplice(body, TopLevelFields.of(body)).set("model", JsonText.encode("m")).apply();
    assertThat(changed.toString())
        .isEqualTo("\t{ \"a\" : 1.0e0 ,\"model\" :  \"m\" , \"b\":\"\\u0041\\/\u00e9\"\n}\r\n");
  }

  @Test
  void withoutAChangeTheBodyIsTheSameObject() throws Exception {
    Buffer body = Buffer.buffer("{\"model\":\"m\"}");
    TopLevelFields fields = TopLevelFields.of(body);
    assertThat(new BodySplice(body, fields).remove("models").apply()).isSameAs(body);
  }

  @Test
  void aFieldThatIsMissingIsAdded() throws Exception {
    assertThat(set("{}")).isEqualTo("{\"model\":\"m\"}");
    assertThat(set(" { \"a\":1}")).isEqualTo(" {\"model\":\"m\", \"a\":1}");
    Buffer body = Buffer.buffer("{\"models\":[\"x\"]}");
    BodySplice splice = new BodySplice(body, TopLevelFields.of(body)).remove("models");
    assertThat(splice.set("model", JsonText.encode("m")).apply().toString())
        .isEqualTo("{\"model\":\"m\"}");
  }

  @Property
  void stringsAreWrittenAsTheyAreRead(@ForAll String text) {
    String wellFormed = new String(text.getBytes(UTF_8), UTF_8);
    byte[] json = JsonText.encode(wellFormed);
    assertThat(JsonText.decode(json, 1, json.length - 1)).isEqualTo(wellFormed);
    assertThat(JsonBodies.JACKSON.readTree(json).asString()).isEqualTo(wellFormed);
  }

  @Provide
  Arbitrary<String> requests() {
    Arbitrary<String> model = JsonBodies.space().map(s -> s + "\"model\"" + s + ": \"x\"" + s);
    Arbitrary<String> models =
        JsonBodies.space().map(s -> "\"models\":[" + s + "\"a\", \"b\"]" + s);
    Arbitrary<List<String>> others =
        JsonBodies.values().list().ofMaxSize(4).map(BodySpliceTest::numbered);
    Arbitrary<List<String>> fields =
        Combinators.combine(model.optional(), models.optional(), others)
            .as((one, two, rest) -> {
              List<String> all = new ArrayList<>(rest);
              one.ifPresent(all::add);
              two.ifPresent(all::add);
              return all;
            })
            .flatMap(all -> Arbitraries.shuffle(all));
    return JsonBodies.object(fields);
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("gpt-4o", "a \"quoted\" \\ name", "\u4f60\u597d", "\ud83d\ude00");
  }

  private static List<String> numbered(List<String> values) {
    List<String> fields = new ArrayList<>();
    for (String value : values) {
      fields.add("\"f" + fields.size() + "\":" + value);
    }
    return fields;
  }

  private static String set(String json) throws MalformedBodyException {
    Buffer body = Buffer.buffer(json);
    return new BodySplice(body, TopLevelFields.of(body))
        .set("model", JsonText.encode("m"))
        .apply()
        .toString();
  }
}
