package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class ContractTextTest {

  @Test
  void theBlocksAreWhatAParserOfTheWholeSees() throws IOException {
    String yaml = contract();
    ContractText text = new ContractText(yaml);
    Map<?, ?> whole = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromString(yaml);
    Map<?, ?> paths = (Map<?, ?>) Objects.requireNonNull(whole.get("paths"));
    assertThat(text.pathsWith(List.of())).isEqualTo(List.copyOf(paths.keySet()));
    paths.forEach((path, item) -> assertThat(text.path((String) path)).isEqualTo(item));
    ((Map<?, ?>) Objects.requireNonNull(whole.get("components")))
        .forEach((kind, named) ->
            ((Map<?, ?>) named)
                .forEach((name, one) ->
                    assertThat(text.component((String) kind, (String) name)).isEqualTo(one)));
  }

  @Test
  void aResourceIsReadAloneAsItIsReadWithAll() {
    Map<String, List<ApiOperation>> all = ApiContract.load(List.of()).resources();
    assertThat(all).hasSizeGreaterThan(5);
    all.forEach((name, operations) ->
        assertThat(ApiContract.load(List.of("api", name, "list")).resources())
            .isEqualTo(Map.of(name, operations)));
  }

  @Test
  void whatIsNoResourceGetsAllSoThatTheRightOneCanBeNamed() {
    assertThat(ApiContract.load(List.of("api", "endpoint")).resources())
        .isEqualTo(ApiContract.load(List.of()).resources());
  }

  @Test
  void commentsAndBlankLinesEndNoBlock() {
    ContractText text =
        new ContractText("paths:\n  /a:\n    b: 1\n\n# c: 2\n  # d: 3\n    e: 4\ncomponents: {}\n");
    assertThat(text.path("/a")).isEqualTo(Map.of("b", 1, "e", 4));
    assertThatThrownBy(() -> text.component("schemas", "None")).hasMessageContaining("None");
  }

  private static String contract() throws IOException {
    try (InputStream in =
        ContractTextTest.class.getResourceAsStream("/dev/keygate/control/openapi.yaml")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
    }
  }
}
