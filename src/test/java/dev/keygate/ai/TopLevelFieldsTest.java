package dev.keygate.ai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

class TopLevelFieldsTest {

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void everyFieldIsFoundWhereItIs(@ForAll("objects") String json) throws Exception {
    byte[] bytes = json.getBytes(UTF_8);
    TopLevelFields fields = TopLevelFields.of(Buffer.buffer(bytes));
    JsonNode tree = JsonBodies.JACKSON.readTree(bytes);
    for (int i = 0; i < fields.count(); i++) {
      byte[] value = Arrays.copyOfRange(bytes, fields.valueOffset(i), fields.end(i));
      // Of fields given twice the tree has the last.
      if (lastOf(fields, fields.name(i)) == i) {
        assertThat(JsonBodies.JACKSON.readTree(value)).isEqualTo(tree.get(fields.name(i)));
      }
    }
    assertThat(tree.propertyNames()).allMatch(name -> fields.find(name) >= 0);
  }

  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void oneChangedByteIsRefusedExactlyWhenJacksonRefusesIt(
      @ForAll("objects") String json,
      @ForAll @IntRange(max = 10_000) int position,
      @ForAll("bytes") byte replacement) {
    byte[] bytes = json.getBytes(UTF_8);
    bytes[position % bytes.length] = replacement;
    boolean accepted = accepts(bytes);
    if (isAscii(bytes)) {
      assertThat(accepted).isEqualTo(jacksonAccepts(bytes));
    } else if (accepted) {
      // Jackson lets some overlong sequences pass that are not UTF-8.
      assertThat(jacksonAccepts(bytes)).isTrue();
    }
  }

  @Property
  void noBytesMakeTheScanThrowAnythingElse(@ForAll byte[] bytes) {
    accepts(bytes);
    accepts(("{\"a\":\"" + new String(bytes, ISO_8859_1) + "\"}").getBytes(ISO_8859_1));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void everyPrefixOfABodyIsRefused(@ForAll("objects") String json) {
    byte[] bytes = json.stripTrailing().getBytes(UTF_8);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(accepts(Arrays.copyOf(bytes, length))).isFalse();
    }
  }

  @Test
  void modelFallbacksAndStreamAreRead() throws Exception {
    TopLevelFields fields =
        scan(" {\"model\" : \"gpt\\u002d4o\", \"models\":[\"a\" , \"b\"],\"stream\":true} ");
    assertThat(fields.model()).isEqualTo("gpt-4o");
    assertThat(fields.models()).containsExactly("a", "b");
    assertThat(fields.isStream()).isTrue();
  }

  @Test
  void fieldsOfNestedObjectsDecideNothing() throws Exception {
    TopLevelFields fields =
        scan(
            "{\"x\":{\"model\":1,\"Model\":2,\"model\":3,\"stream\":true},\"y\":[{\"models\":0}]}");
    assertThat(fields.model()).isNull();
    assertThat(fields.models()).isEmpty();
    assertThat(fields.isStream()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"model":"a","model":"b"}              | 'model' is given a second time at byte 13 (line 1, column 14)
          {"stream":true,"stream":false}         | 'stream' is given a second time at byte 15
          {"models":[],"models":[]}              | 'models' is given a second time
          {"model":"a","Model":"b"}              | 'Model' differs from 'model' only in its letters at byte 13
          {"MODELS":["a"]}                       | 'MODELS' differs from 'models'
          {"sTream":true}                        | 'sTream' differs from 'stream'
          {"\\u006dodel":"a"}                     | 'model' is spelled with escapes
          {"model":"a","mode\\u006c":"b"}         | 'model' is spelled with escapes; expected it plain at byte 13
          {"\\u004dodel":"a"}                     | 'model' is spelled with escapes
          {"model\u017f":["a"]}                   | only in its letters
          {"\u017ftream":true}                    | only in its letters
          {"model":1}                            | 'model' is not a string at byte 9
          {"model":null}                         | 'model' is not a string
          {"model":["a"]}                        | 'model' is not a string
          {"models":"a"}                         | 'models' is not a list at byte 10
          {"models":["a",1]}                     | 'models' is not a list of strings at byte 15
          {"model":""}                           | 1 to 256 characters
          {"model":"a\\nb"}                       | a character that no name has
          {"model":"a\\ud800"}                    | a character that no name has
          []                                     | expected an object at byte 0 (line 1, column 1)
          "model"                                | expected an object
          {"a":1} x                              | expected nothing after the object at byte 8
          {"a":1,}                               | expected a field name in double quotes at byte 7
          {"a" 1}                                | expected ':' after a field name at byte 5
          {"a":01}                               | expected ',' or '}' at byte 6
          {"a":"\\x"}                             | an escape that JSON knows
          {'a':1}                                | a field name in double quotes
          {"a":tru}                              | expected a JSON value
          """)
  void whatIsNoBodyIsRefusedWithWhatAndWhere(String json, String words) {
    assertThatThrownBy(() -> scan(json))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessageContaining(words);
  }

  @Test
  void theLineAndColumnAreThoseOfAnEditor() {
    assertThatThrownBy(() -> scan("{\n  \"model\": 4\n}"))
        .hasMessageEndingWith("at byte 13 (line 2, column 12)");
  }

  @Test
  void nestingIsBounded() throws Exception {
    assertThat(scan(nested(JsonScanner.MAX_DEPTH - 1)).count()).isEqualTo(1);
    assertThatThrownBy(() -> scan(nested(JsonScanner.MAX_DEPTH)))
        .hasMessageContaining("at most 256 levels of nesting");
    assertThatThrownBy(() -> scan("{\"a\":" + "[".repeat(1_000_000)))
        .hasMessageContaining("nesting");
  }

  @Test
  void theNumberOfFieldsAndFallbacksIsBounded() {
    assertThatThrownBy(() -> scan("{" + "\"a\":1,".repeat(1001) + "\"b\":1}"))
        .hasMessageContaining("at most 1000 fields");
    assertThatThrownBy(() -> scan("{\"models\":[" + "\"a\",".repeat(50) + "\"b\"]}"))
        .hasMessageContaining("more than 50 entries");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "c1bf",
        "e09fbf",
        "eda080",
        "edbfbf",
        "f08fbfbf",
        "f4908080",
        "f5808080",
        "80",
        "bf",
        "ff",
        "c3",
        "e282",
        "f09f98"
      })
  void whatIsNotUtf8IsRefused(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    Buffer body = Buffer.buffer("{\"a\":\"").appendBytes(bad).appendString("\"}");
    assertThatThrownBy(() -> TopLevelFields.of(body)).hasMessageContaining("expected UTF-8");
  }

  @Test
  void aBodyOutsideTheHeapIsRead() throws Exception {
    byte[] bytes = "{\"model\":\"m\"}".getBytes(UTF_8);
    ByteBuf direct = Unpooled.directBuffer().writeBytes(bytes);
    assertThat(TopLevelFields.of(BufferInternal.buffer(direct)).model()).isEqualTo("m");
    direct.release();
    Buffer slice = Buffer.buffer("xx{\"model\":\"m\"}").slice(2, 15);
    assertThat(TopLevelFields.of(slice).model()).isEqualTo("m");
  }

  @Provide
  Arbitrary<String> objects() {
    return JsonBodies.objects();
  }

  @Provide
  Arbitrary<Byte> bytes() {
    return Arbitraries.oneOf(
        Arbitraries.of('{', '}', '[', ']', '"', '\\', ',', ':', '0', ' ', '-', 'e', 't', '.')
            .map(c -> (byte) c.charValue()),
        Arbitraries.bytes());
  }

  private static String nested(int levels) {
    return "{\"a\":" + "[".repeat(levels) + "]".repeat(levels) + "}";
  }

  private static int lastOf(TopLevelFields fields, String name) {
    int last = -1;
    for (int i = 0; i < fields.count(); i++) {
      if (fields.name(i).equals(name)) {
        last = i;
      }
    }
    return last;
  }

  private static TopLevelFields scan(String json) throws MalformedBodyException {
    return TopLevelFields.of(Buffer.buffer(json));
  }

  private static boolean accepts(byte[] bytes) {
    try {
      TopLevelFields.of(Buffer.buffer(bytes));
      return true;
    } catch (MalformedBodyException e) {
      return false;
    }
  }

  private static boolean jacksonAccepts(byte[] bytes) {
    try {
      return JsonBodies.JACKSON.readTree(bytes).isObject();
    } catch (JacksonException e) {
      return false;
    }
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }
}
