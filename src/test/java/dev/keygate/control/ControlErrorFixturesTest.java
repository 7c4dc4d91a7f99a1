package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code clients/fixtures/control-errors.json}: every refusal of the control API as it is written,
 * for clients in any language to test against.
 */
class ControlErrorFixturesTest {
  private static final Path FILE = Path.of("clients/fixtures/control-errors.json");
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /** After a change of errors: {@code ./mvnw test -Dtest=ControlErrorFixturesTest -Ddocs.write}. */
  @Test
  void theFixturesAreWhatClientsGet() throws IOException {
    String found = fixtures();
    if (System.getProperty("docs.write") != null) {
      Files.writeString(FILE, found);
    }
    assertThat(found).isEqualTo(Files.readString(FILE));
  }

  private static String fixtures() {
    ArrayNode all = JSON.createArrayNode();
    for (ErrorCode code : ErrorCode.values()) {
      ApiError error =
          ApiError.of(code, "What is wrong, and what would be right.").with("field", "name");
      Reply reply =
          Reply.of(
              code.status() == 429 || code.status() == 503 ? error.retryAfter(1) : error,
              "op_000000000000000000000000000");
      ObjectNode fixture = all.addObject();
      fixture.put("code", code.code());
      fixture.put("status", reply.status());
      ObjectNode headers = fixture.putObject("headers");
      reply.headers().entrySet().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(header -> headers.put(header.getKey(), header.getValue()));
      fixture.set("body", JSON.readTree(reply.body()));
    }
    return JSON.writeValueAsString(all) + "\n";
  }
}
