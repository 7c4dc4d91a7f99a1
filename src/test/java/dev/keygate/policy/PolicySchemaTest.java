package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicySchemaTest {
  private final JsonNode schema = JsonMapper.shared().readTree(PolicySchema.json(Policies.types()));

  @Test
  void everyPhaseHasTheActionsThatMayStandInIt() {
    assertThat(types("on_event_stream_message")).isEqualTo("sse-find-replace ");
    assertThat(types("on_tcp_connect"))
        .isEqualTo("close-connection deny log restrict-ips set-vars ");
  }

  @Test
  void aFieldHasItsTypeItsBoundsAndItsDescription() {
    JsonNode status =
        schema.at(
            "/properties/on_tcp_connect/items/oneOf/2/properties/config/properties/status_code");
    assertThat(status.get("type").asString()).isEqualTo("integer");
    assertThat(status.get("minimum").asInt()).isEqualTo(400);
    assertThat(status.get("maximum").asInt()).isEqualTo(599);
    assertThat(status.get("default").asInt()).isEqualTo(403);
    assertThat(status.get("description").asString()).startsWith("The status of the answer.");
  }

  private String types(String phase) {
    StringBuilder names = new StringBuilder();
    for (JsonNode form : schema.at("/properties/" + phase + "/items/oneOf")) {
      JsonNode name = form.at("/properties/type/const");
      names.append(name.isMissingNode() ? "" : name.asString() + ' ');
    }
    return names.toString();
  }
}
