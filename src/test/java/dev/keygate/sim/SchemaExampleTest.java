package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class SchemaExampleTest {

  private static String example(String schema) {
    return SchemaExample.of(JsonMapper.shared().readTree(schema)).toString();
  }

  @Test
  void objectsHaveTheirProperties() {
    assertThat(
            example(
                """
                {"type":"object","properties":{
                  "city":{"type":"string"},
                  "days":{"type":"integer","minimum":3},
                  "unit":{"enum":["celsius","fahrenheit"]},
                  "exact":{"type":["boolean","null"]},
                  "tags":{"type":"array","items":{"type":"string","maxLength":3},"minItems":2}}}
                """))
        .isEqualTo(
            """
            {"city":"example","days":3,"unit":"celsius","exact":true,"tags":["exa","exa"]}\
            """);
  }

  @Test
  void referencesAndChoicesAreFollowed() {
    assertThat(
            example(
                """
                {"type":"object","properties":{"a":{"$ref":"#/$defs/a"},"b":{"anyOf":[{"const":7},{"type":"null"}]}},
                 "$defs":{"a":{"type":"number","maximum":0.5}}}
                """))
        .isEqualTo("{\"a\":0.5,\"b\":7}");
  }

  @Test
  void schemasThatContainThemselvesEnd() {
    assertThat(
            example(
                """
                {"type":"object","required":["next"],
                 "properties":{"next":{"anyOf":[{"$ref":"#"},{"type":"null"}]},"list":{"type":"array","items":{"$ref":"#"}}}}
                """))
        .contains("\"next\":null")
        .hasSizeLessThan(10_000);
    assertThat(example("{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"$ref\":\"#/$defs/a\"}}}"))
        .isEqualTo("null");
  }

  @Test
  void schemasThatFanOutEnd() {
    String fan =
        IntStream.range(0, 30)
            .mapToObj(i -> "\"p" + i + "\":{\"$ref\":\"#\"}")
            .collect(Collectors.joining(","));
    String names =
        IntStream.range(0, 30).mapToObj(i -> "\"p" + i + "\"").collect(Collectors.joining(","));
    assertThat(
            example(
                "{\"type\":\"object\",\"required\":["
                    + (names + "],\"properties\":{")
                    + (fan + "}}")))
        .hasSizeLessThan(1_000_000);
  }

  @Test
  void noSchemaIsAnEmptyObject() {
    assertThat(SchemaExample.of(JsonMapper.shared().missingNode()).toString()).isEqualTo("{}");
  }
}
