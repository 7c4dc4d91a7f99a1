package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class ApiOutputTest {
  private static final String USAGE =
      """
      {"usage": [{"model": "gpt-4o", "requests": 12, "cost_usd": 0.5},
                 {"model": "o3", "requests": 3, "cost_usd": 2.55E-4}],
       "since": "2026-11-01T00:00:00Z"}
      """;

  @Test
  void sumsAreRowsUnderWhatTheyAreOf() {
    assertThat(printed(USAGE))
        .isEqualTo(
            """
            since  2026-11-01T00:00:00Z

            usage:
            MODEL   REQUESTS  COST USD
            gpt-4o  12        0.5
            o3      3         0.000255
            """);
  }

  @Test
  void anObjectWithoutANameOfItsOwnIsARow() {
    assertThat(printed("{\"totals\":{\"requests\":7},\"step\":60}"))
        .isEqualTo("step  60\n\ntotals:\nREQUESTS\n7\n");
  }

  @Test
  void whatHasANameIsCalledByIt() {
    assertThat(printed("{\"keys\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"endpoint\":{\"id\":\"e\"}}"))
        .isEqualTo("keys      a, b\nendpoint  e\n");
  }

  @Test
  void anEmptyListIsADash() {
    assertThat(printed("{\"usage\":[]}")).isEqualTo("usage  -\n");
  }

  private static String printed(String answer) {
    StringWriter text = new StringWriter();
    Surroundings around =
        new Surroundings(
            Map.of(),
            Path.of("nowhere"),
            InputStream.nullInputStream(),
            new PrintWriter(text),
            new PrintWriter(text),
            Optional.empty());
    List<ApiField> none = List.of();
    ApiOperation operation =
        new ApiOperation(
            "usage", "list", "GET", "/usage", "", none, none, none, none, List.of("model"));
    new ApiOutput(ApiOutput.Format.TABLE, operation, around)
        .answer(new JsonMapper().readTree(answer));
    return text.toString();
  }
}
