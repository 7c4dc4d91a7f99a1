package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.policy.Compilation;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.PolicySchema;
import dev.keygate.policy.config.ConfigReference;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The action's reference page is made from its configuration records and an example that compiles.
 * With {@code -Dgolden=write} it is written anew.
 */
class AiGatewayPageTest {
  private static final Path PAGE = Path.of("docs/policy/ai-gateway.md");
  private static final Path EXAMPLE = Path.of("docs/policy/examples/ai-gateway.yaml");
  private static final InstantSource CLOCK = InstantSource.fixed(Instant.EPOCH);
  private static final AiGatewayType TYPE = AiGatewayType.offline(ProviderTable.builtIn(), CLOCK);

  @Test
  void thePageSaysWhatTheCodeDoes() throws IOException {
    String written = page(Files.readString(EXAMPLE));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(PAGE, written);
    }
    assertThat(Files.readString(PAGE)).isEqualTo(written);
  }

  @Test
  void theExampleCompiles() throws IOException {
    Compilation compiled =
        new PolicyCompiler(new Expressions(SecretSource.UNKNOWN, CLOCK), List.of(TYPE))
            .compile(Files.readString(EXAMPLE), OpenRelay.REFUSE);
    assertThat(compiled.problems()).isEmpty();
  }

  @Test
  void theSchemaForEditorsHasEveryField() {
    assertThat(PolicySchema.json(List.of(TYPE)))
        .contains("\"only_allow_configured_models\"", "\"supported_params\"", "\"api_keys\"");
  }

  private static String page(String example) {
    String summary =
        example
            .lines()
            .takeWhile(line -> line.startsWith("#"))
            .map(line -> line.substring(1).strip())
            .collect(Collectors.joining("\n"));
    String policy =
        example.lines().dropWhile(line -> line.startsWith("#")).collect(Collectors.joining("\n"));
    return """
    # ai-gateway

    %s

    May stand in `on_http_request`. Ends its phase: what follows it does not run, unless `on_error` says `continue`.

    ## Configuration

    %s
    ## Example

    ```yaml
    %s
    ```
    """
        .formatted(summary, ConfigReference.of(AiGatewayFields.class), policy);
  }
}
