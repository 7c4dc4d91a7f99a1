package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.store.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class FiltersTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private final Filters filters = new Filters();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "obj.type == \"cloud\" || obj.type == \"agent\"",
        "obj.type in [\"agent\", \"cloud\"]",
        "!(obj.description != 'web')",
        "obj.description.startsWith('we') && obj.description.endsWith('eb')",
        "obj.description.contains('e') && obj.description.size() == 3",
        "obj.description.matches('^w.b$')",
        "size(obj.metadata) == 0 && obj.metadata == \"\"",
        "obj.last_used == null",
        "obj.created_at > timestamp(\"2026-02-28T12:00:00+02:00\")",
        "obj.created_at <= timestamp(time.now)",
        "obj.created_at > timestamp(time.now).subtract(\"2d\")",
        "obj.created_at < timestamp(time.now).add(\"1w\")",
        "obj.endpoint.id == 'ep_1'",
        "obj.bindings.exists(b, b == 'public')",
        "obj.disabled == false && obj.port == 443",
        "has(obj.id)",
      })
  void whatIsDocumentedIsUnderstood(String filter) {
    assertThat(filters.compile(filter, NOW).accepts(object())).as(filter).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "obj.description",
        "obj.description ==",
        "descripton == 'x'",
        "obj.descripton == 'x'",
        "obj.description + 'x' == 'webx'",
        "['a'].map(x, x + x).size() == 1",
        "obj.created_at > time.now.subtract('one day')",
        "obj.created_at > 5",
      })
  void whatIsNotIsRefusedAndNeverAFailure(String filter) {
    assertThatThrownBy(() -> filters.compile(filter, NOW).accepts(object()))
        .isInstanceOf(ApiError.class)
        .satisfies(
            error -> assertThat(((ApiError) error).code()).isEqualTo(ErrorCode.INVALID_FILTER));
  }

  @Test
  void whatNeverHappenedIsNeitherBeforeNorAfter() {
    assertThat(filters.compile("obj.last_used < time.now", NOW).accepts(object())).isFalse();
    assertThat(filters.compile("obj.last_used > time.now", NOW).accepts(object())).isFalse();
  }

  @Test
  void costIsBounded() {
    assertRefused("obj.id == '" + "x".repeat(1024) + "'");
    assertRefused("(".repeat(60) + "true" + ")".repeat(60));
    String nested = "true";
    for (String name : new String[] {"a", "b", "c", "d", "e"}) {
      nested = "[1,2,3,4,5,6,7,8,9,10].all(" + name + ", " + nested + ")";
    }
    assertRefused(nested);
  }

  private void assertRefused(String filter) {
    assertThatThrownBy(() -> filters.compile(filter, NOW).accepts(object()))
        .isInstanceOf(ApiError.class);
  }

  @Test
  void aSearchThatFindsNothingInTooMuchSaysWhereToGoOn(@TempDir Path directory) {
    ControlLimits small =
        new ControlLimits(6000, 8, 200, Duration.ofSeconds(5), Duration.ofSeconds(1));
    try (RunningControl control =
        new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")), small)) {
      String oldest = control.managementKey(Role.VIEWER);
      for (int i = 0; i < 250; i++) {
        control.managementKey(Role.EDITOR);
      }
      String filter = "&filter=" + RunningControl.encoded("obj.role == 'viewer'");
      RunningControl.Answered none = control.get("/api_keys?limit=1" + filter);
      ControlContract.assertRefused(none, 422, "ERR_KEYGATE_FILTER_TOO_COSTLY");
      String position = none.json().at("/details/before_id").asString();
      RunningControl.Answered found =
          control.get("/api_keys?limit=1&before_id=" + position + filter);
      assertThat(found.json().get("keys").size()).isOne();
      assertThat(found.json().get("next_page_uri").isNull()).isTrue();
      assertThat(oldest).startsWith("kgm_");
    }
  }

  private static ObjectNode object() {
    ObjectNode object = Json.object();
    object.put("id", "aigk_1").put("type", "cloud").put("description", "web").put("metadata", "");
    object.put("created_at", "2026-03-01T11:00:00Z").putNull("last_used");
    object.put("disabled", false).put("port", 443);
    object.set("endpoint", Json.ref("endpoints", "ep_1"));
    object.putArray("bindings").add("public");
    return object;
  }
}
