package dev.keygate.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.server.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key for one model, and a size for bodies: however a body is written, both hold. */
class BodyTricksTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

  private static RunningKeygate keygate;
  private static Wire wire;
  private static String key = "";

  @BeforeAll
  static void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir, Map.of(Setting.MAX_BODY, "2000"));
    wire = new Wire(keygate.server.gatewayPort());
    key =
        "x-api-key: "
            + keygate
                .createKey(keygate.defaultEndpointId(), "\"allowed_models\":[\"gpt-4o-mini\"]")
                .token();
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  @Test
  void theModelMayBeWrittenInAnyWayThatMeansIt() {
    int before = keygate.provider.received().size();
    for (String body :
        List.of(
            "{\"model\":\"gpt-4o-mini\"," + MESSAGES + "}",
            "{\"model\":\"GPT-4o-mini\"," + MESSAGES + "}",
            "{ \"model\" :\n\"openai:gpt-4o-mini\" ," + MESSAGES + "}",
            "{\"\\u006dodel\":\"gpt\\u002d4o-mini\"," + MESSAGES + "}")) {
      assertThat(wire.chat(body, key).status()).as(body).isIn(200, 400);
    }
    assertThat(wire.chat("{\"model\":\"gpt-4o-mini\"," + MESSAGES + "}", key).status())
        .isEqualTo(200);
    assertThat(keygate.provider.received().size()).isGreaterThan(before);
    assertThat(keygate.provider.received().toString()).doesNotContain("\"gpt-4o\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"model\":\"gpt-4o\",@}",
        "{\"model\":\"gpt\\u002d4o\",@}",
        "{\"\\u006dodel\":\"gpt-4o\",@}",
        "{\"model\":\"gpt-4o-mini\",\"model\":\"gpt-4o\",@}",
        "{\"model\":\"gpt-4o\",\"model\":\"gpt-4o-mini\",@}",
        "{\"model\":\"gpt-4o-mini\",@,\"mod\\u0065l\":\"gpt-4o\"}",
        "{\"model\":\"gpt-4o-mini\",\"Model\":\"gpt-4o\",@}",
        "{\"MODEL\":\"gpt-4o\",@}",
        "{\"MODEL\":\"gpt-4o\",\"model\":\"gpt-4o-mini\",@}",
        "{\"model\":\"gpt-4o-mini\\u0000\",@}",
        "{\"model\":\"gpt-4o-mini \",@}",
        "{\"model\":\" gpt-4o\",@}",
        "{\"model\":[\"gpt-4o-mini\"],@}",
        "{\"model\":null,@}",
        "{@}",
        "{\"model\":\"gpt-4o\",\"models\":[\"gpt-4o-mini\"],@}",
        "{\"model\":\"gpt-4o-mini\",\"models\":[\"gpt-4o\"],\"models\":[\"gpt-4o-mini\"],@}",
        "{\"model\":\"gpt-4o-mini\",\"models\":[\"gpt-4o-mini\"],\"Models\":[\"gpt-4o\"],@}",
        "{\"model\":\"openai:gpt-4o\",@}",
        "{\"model\":\"OpenAI:GPT-4o\",@}",
        "{\"model\":\"openai:openai:gpt-4o\",@}",
        "{\"model\":\"openai/gpt-4o\",@}",
        "{\"model\":\"keygate/auto\",@}",
        "{\"model\":\"ngrok/auto\",@}",
        "{\"model\":\"gpt-4o-mini\",@}{\"model\":\"gpt-4o\",@}",
        "{\"model\":\"gpt-4o-mini\",@} {\"model\":\"gpt-4o\"}",
        "[{\"model\":\"gpt-4o\",@}]",
        "{\"model\":\"gpt-4o-mini\",@,}",
        "{\"model\":\"gpt-4o-mini\" /* , */,@}",
        "{'model':'gpt-4o',@}",
        "{\"model\":\"gpt-4o-mini\",\"x\":\"\u0001\",@}",
        "",
        "\"gpt-4o\""
      })
  void anotherModelIsNotReached(String written) {
    String body = written.replace("@", MESSAGES);
    int before = asked("gpt-4o");
    int received = keygate.provider.received().size();
    Wire.Answer answer = wire.chat(body, key);
    assertThat(asked("gpt-4o")).as(body).isEqualTo(before);
    if (answer.status() == 200) {
      // Only an allowed one was asked, though a default may stand where none was named.
      assertThat(keygate.provider.received()).as(body).hasSize(received + 1);
      assertThat(keygate.provider.received().getLast().toString()).contains("gpt-4o-mini");
    } else {
      assertThat(answer.status()).as(answer.text()).isBetween(400, 422);
      assertThat(keygate.provider.received()).as(body).hasSize(received);
    }
  }

  /** How often a provider was asked for a model of this very name. */
  private static int asked(String model) {
    return (int)
        keygate.provider.received().stream()
            .filter(request -> request.toString().contains("\"" + model + "\""))
            .count();
  }

  @Test
  void whatCannotBeReadIsNotPassedOn() throws IOException {
    int before = keygate.provider.received().size();
    String other = "{\"model\":\"gpt-4o\"," + MESSAGES + "}";
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(other.getBytes(UTF_8));
    }
    String gzipped = packed.toString(ISO_8859_1);
    String wide = new String(other.getBytes(UTF_16LE), ISO_8859_1);
    for (String body :
        List.of(gzipped, wide, "\u00ff\u00fe" + wide, "\u00ef\u00bb\u00bf" + other)) {
      for (String encoding : List.of("identity", "gzip", "GZIP", "br")) {
        Wire.Answer answer = wire.chat(body, key, "Content-Encoding: " + encoding);
        assertThat(answer.status()).as(encoding + answer.text()).isBetween(400, 422);
      }
    }
    String plain = "{\"model\":\"gpt-4o-mini\"," + MESSAGES + "}";
    for (String second : List.of("gzip", "br", "")) {
      Wire.Answer answer =
          wire.chat(plain, key, "Content-Encoding: identity", "Content-Encoding: " + second);
      assertThat(answer.status()).as(second + answer.text()).isEqualTo(400);
    }
    assertThat(keygate.provider.received()).hasSize(before);
  }

  @Test
  void aBodyInChunksIsReadAsOne() {
    String body = "{\"model\":\"gpt-4o\"," + MESSAGES + "}";
    List<String> octets = body.chars().mapToObj(Character::toString).toList();
    assertThat(wire.chunked(octets, "", key).status()).isEqualTo(403);
    List<String> allowed =
        body.replace("4o", "4o-mini").chars().mapToObj(Character::toString).toList();
    assertThat(wire.chunked(allowed, "", key).status()).isEqualTo(200);
  }

  @Test
  void aBodyThatIsTooLargeIsRefusedHoweverItIsSent() {
    int before = keygate.provider.received().size();
    String large =
        "{\"model\":\"gpt-4o-mini\",\"user\":\"" + "x".repeat(2000) + "\"," + MESSAGES + "}";
    assertThat(wire.chat(large, key).status()).isEqualTo(413);
    assertThat(wire.chunked(List.of(large), "", key).status()).isEqualTo(413);
    List<String> octets = Collections.nCopies(2500, "x");
    assertThat(wire.chunked(octets, "", key).status()).isEqualTo(413);
    for (String framing :
        List.of(
            "Content-Length: 10\r\nContent-Length: 3000",
            "Content-Length: 10\r\nTransfer-Encoding: chunked",
            "Content-Length: +10",
            "Content-Length: 0x10",
            "Content-Length: 10, 10",
            "Content-Length: -1",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding:\u000bchunked")) {
      Wire.Answer answer =
          wire.send(
              "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                  + key
                  + "\r\n"
                  + framing
                  + "\r\n\r\n"
                  + large);
      assertThat(answer.status()).as(framing).isIn(400, 413, 501);
    }
    assertThat(keygate.provider.received()).hasSize(before);
  }

  @Test
  void aPathThatOnlyResemblesASurfacesIsNone() {
    int before = keygate.provider.received().size();
    String other = "{\"model\":\"gpt-4o\"," + MESSAGES + "}";
    for (String path :
        List.of(
            "//v1/chat/completions",
            "/v1//chat/completions",
            "/V1/chat/completions",
            "/v1/chat/completions/",
            "/v1/chat/completions;x",
            "/v1/chat%2fcompletions",
            "/v1/%63hat/completions",
            "/x/../v1/chat/completions",
            "/v1/files/../chat/completions",
            "/v1/files/..%2fchat/completions",
            "/v1/files/%2e%2e/chat/completions",
            "/v1/files\\..\\chat/completions",
            "http://other.example/v1/chat/completions")) {
      Wire.Answer answer =
          wire.send(
              "POST "
                  + path
                  + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                  + key
                  + "\r\nContent-Length: "
                  + other.length()
                  + "\r\n\r\n"
                  + other);
      assertThat(answer.status()).as(path + answer.text()).isIn(400, 403, 404);
    }
    assertThat(keygate.provider.received()).hasSize(before);
  }
}
