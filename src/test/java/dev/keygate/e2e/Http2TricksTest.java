package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.Http2Wire.Field;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What HTTP/2 lets a client write that HTTP/1 does not: none of it is a way past a guard. */
class Http2TricksTest {
  private static final String CHAT = RunningKeygate.chatBody("gpt-4o", "Hello");
  private static final String CLOSED = "closed.example";

  private static RunningKeygate keygate;
  private static Field key = new Field("", "");
  private static String limited = "";

  @BeforeAll
  static void start(@TempDir Path dataDir) throws IOException {
    keygate = RunningKeygate.start(dataDir);
    key = new Field("x-api-key", keygate.createKey().token());
    limited = keygate.createKey(keygate.defaultEndpointId(), "\"requests_per_minute\":3").token();
    String deny = "on_http_request:\n  - {type: deny, config: {status_code: 418}}\n";
    keygate.controlJson(
        "POST",
        "/endpoints",
        "{\"url\":\"https://%s\",\"traffic_policy\":%s}"
            .formatted(CLOSED, RunningKeygate.JSON.writeValueAsString(deny)));
  }

  @AfterAll
  static void stop() {
    keygate.close();
  }

  private static List<Field> head(String... extra) {
    List<Field> fields =
        new ArrayList<>(
            List.of(
                new Field(":method", "POST"),
                new Field(":scheme", "http"),
                new Field(":authority", "gateway.example"),
                new Field(":path", "/v1/chat/completions"),
                new Field("content-type", "application/json")));
    for (int at = 0; at < extra.length; at += 2) {
      fields.add(new Field(extra[at], extra[at + 1]));
    }
    return fields;
  }

  private static int ask(List<Field> fields) throws IOException {
    try (Http2Wire wire = new Http2Wire(keygate.server.gatewayPort())) {
      return wire.request(fields, CHAT, null);
    }
  }

  private static List<Field> with(List<Field> fields, Field field) {
    List<Field> all = new ArrayList<>(fields);
    all.add(field);
    return all;
  }

  /** The head with a pseudo-header replaced, or left out when the value is empty. */
  private static List<Field> instead(String name, String value) {
    List<Field> fields = new ArrayList<>(with(head(), key));
    fields.replaceAll(field -> field.name().equals(name) ? new Field(name, value) : field);
    fields.removeIf(field -> field.value().isEmpty());
    return fields;
  }

  @Test
  void anOrdinaryRequestPasses() throws IOException {
    assertThat(ask(with(head(), key))).isEqualTo(200);
    assertThat(ask(head())).isEqualTo(401);
  }

  @Test
  void theEndpointIsThatOfTheOneHostThatIsNamed() throws IOException {
    assertThat(ask(instead(":authority", CLOSED))).isEqualTo(418);
    assertThat(ask(instead(":authority", CLOSED.toUpperCase(java.util.Locale.ROOT))))
        .isEqualTo(418);
    assertThat(ask(instead(":authority", CLOSED + ":443"))).isEqualTo(418);
    assertThat(ask(with(instead(":authority", ""), new Field("host", CLOSED)))).isIn(0, 400, 418);
    for (String host : List.of(CLOSED, "gateway.example, " + CLOSED, "")) {
      assertThat(ask(with(with(head(), key), new Field("host", host)))).as(host).isIn(0, 400);
    }
    assertThat(ask(with(instead(":authority", CLOSED), new Field("host", "gateway.example"))))
        .isIn(0, 400);
    for (String authority :
        List.of(
            "user@" + CLOSED,
            CLOSED + "/",
            CLOSED + "#",
            CLOSED + ":443:80",
            "gateway.example@" + CLOSED,
            "gateway.example\\@" + CLOSED)) {
      assertThat(ask(instead(":authority", authority))).as(authority).isIn(0, 400);
    }
  }

  @Test
  void pseudoHeadersAreThereOnceAndFirstAndAreKnown() throws IOException {
    for (String name : List.of(":method", ":path", ":authority", ":scheme")) {
      String value = name.equals(":authority") ? CLOSED : "/v1/models";
      assertThat(ask(with(with(head(), key), new Field(name, value)))).as(name).isIn(0, 400);
      List<Field> twice = new ArrayList<>(with(head(), key));
      twice.addFirst(new Field(name, value));
      assertThat(ask(twice)).as(name).isIn(0, 400);
    }
    for (String name : List.of(":status", ":protocol", ":x-api-key", ":", ":Path")) {
      List<Field> unknown = new ArrayList<>(with(head(), key));
      unknown.addFirst(new Field(name, "200"));
      assertThat(ask(unknown)).as(name).isIn(0, 400);
    }
    assertThat(ask(instead(":path", ""))).isIn(0, 400);
    assertThat(ask(instead(":method", ""))).isIn(0, 400);
  }

  @Test
  void aTargetIsAPath() throws IOException {
    int before = keygate.provider.received().size();
    for (String path :
        List.of(
            "v1/chat/completions",
            "*",
            "/x/../v1/chat/completions",
            "/x/%2e%2e/v1/chat/completions",
            "/v1/chat/completions HTTP/1.1",
            "/v1/chat/completions#x",
            "http://" + CLOSED + "/v1/chat/completions",
            "/v1/chat/completions\r\nx: y")) {
      assertThat(ask(instead(":path", path))).as(path).isIn(0, 400, 404);
    }
    assertThat(ask(instead(":method", "CONNECT"))).isIn(0, 400, 404, 405);
    assertThat(keygate.provider.received()).hasSize(before);
  }

  @Test
  void namesAndValuesThatHttp1CouldNotCarryAreRefused() throws IOException {
    String token = key.value();
    for (Field field :
        List.of(
            new Field("X-Api-Key", token),
            new Field("Authorization", "Bearer " + token),
            new Field("x-api-key ", token),
            new Field("x-api-key:", token),
            new Field("", token),
            new Field("x-api-key", token + "\r\nx: y"),
            new Field("x-api-key", token + "\0"),
            new Field("x-other", "a\r\nx-api-key: " + token),
            new Field("x-other\r\nx-api-key", token),
            new Field("connection", "x-api-key"),
            new Field("transfer-encoding", "chunked"),
            new Field("upgrade", "h2c"),
            new Field("te", "chunked"),
            new Field("keep-alive", "1"),
            new Field("proxy-connection", "close"))) {
      assertThat(ask(with(head(), field))).as(field.name()).isIn(0, 400, 401);
    }
    for (String name : List.of("connection", "transfer-encoding", "upgrade")) {
      assertThat(ask(with(with(head(), key), new Field(name, "chunked")))).as(name).isIn(0, 400);
    }
  }

  @Test
  void oneCredentialIsTakenAndNotTwo() throws IOException {
    List<Field> twice = with(with(head(), key), key);
    assertThat(ask(twice)).isEqualTo(401);
    assertThat(ask(with(with(head(), key), new Field("authorization", "Bearer other"))))
        .isEqualTo(401);
  }

  @Test
  void aCredentialBehindTheBodyIsNone() throws IOException {
    try (Http2Wire wire = new Http2Wire(keygate.server.gatewayPort())) {
      assertThat(wire.request(head(), CHAT, List.of(key))).isIn(0, 401);
    }
  }

  @Test
  void aCredentialIsGoodForItsStreamOnly() throws IOException {
    try (Http2Wire wire = new Http2Wire(keygate.server.gatewayPort())) {
      assertThat(wire.request(with(head(), key), CHAT, null)).isEqualTo(200);
      assertThat(wire.request(head(), CHAT, null)).isEqualTo(401);
      assertThat(wire.request(with(head(), key), CHAT, null)).isEqualTo(200);
    }
  }

  @Test
  void aBodyIsAsLongAsItSays() throws IOException {
    int before = keygate.provider.received().size();
    for (String length : List.of("1", "0", "9999", "-1", "+1", "1, 1", "x")) {
      assertThat(ask(with(with(head(), key), new Field("content-length", length))))
          .as(length)
          .isIn(0, 400);
    }
    List<Field> two =
        with(
            with(with(head(), key), new Field("content-length", "" + CHAT.length())),
            new Field("content-length", "1"));
    assertThat(ask(two)).isIn(0, 400);
    assertThat(keygate.provider.received()).hasSize(before);
  }

  @Test
  void aKeysLimitCountsItsStreams() throws IOException {
    int passed = 0;
    try (Http2Wire wire = new Http2Wire(keygate.server.gatewayPort())) {
      for (String name : List.of("x-api-key", "api-key", "x-goog-api-key", "authorization")) {
        for (int i = 0; i < 2; i++) {
          passed += wire.request(head(name, limited), CHAT, null) == 200 ? 1 : 0;
        }
      }
    }
    assertThat(passed).isEqualTo(3);
  }
}
