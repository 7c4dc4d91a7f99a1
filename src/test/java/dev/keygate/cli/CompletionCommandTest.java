package dev.keygate.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  private static String printed(int code, String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Surroundings around =
        new Surroundings(
            Map.of(),
            Path.of("/nonexistent"),
            InputStream.nullInputStream(),
            new PrintWriter(out, true),
            new PrintWriter(err, true),
            Optional.empty());
    assertThat(CommandLineTool.run(around, arguments)).as(err.toString()).isEqualTo(code);
    return out.toString();
  }

  @Test
  void bashCompletesResourcesVerbsAndFlags(@TempDir Path dir) throws Exception {
    Path script = dir.resolve("keygate.bash");
    Files.writeString(script, printed(0, "completion", "bash"));
    assertThat(completed(script, "keygate", "api", "ai-gateway-api-keys", "ro")).contains("rotate");
    assertThat(completed(script, "keygate", "api", "endpoints", "create", "--tr"))
        .contains("--traffic-policy-file");
    assertThat(completed(script, "keygate", "api", "vau")).contains("vaults");
  }

  /** Asks bash itself. */
  private static String completed(Path script, String... words)
      throws IOException, InterruptedException {
    String text =
        "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; _complete_keygate; echo \"${COMPREPLY[@]}\""
            .formatted(script, String.join(" ", words), words.length - 1);
    Process bash = new ProcessBuilder("bash", "-c", text).redirectErrorStream(true).start();
    String said = new String(bash.getInputStream().readAllBytes(), UTF_8);
    assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return said;
  }

  @Test
  void zshTakesTheSameAndFishItsOwn() {
    assertThat(printed(0, "completion", "zsh")).isEqualTo(printed(0, "completion", "bash"));
    assertThat(printed(0, "completion", "fish").lines())
        .contains("complete -c keygate -f")
        .anyMatch(line ->
            line.startsWith(
                "complete -c keygate -n '__keygate_at api ai-gateway-api-keys' -a rotate -d '"))
        .anyMatch(line ->
            line.startsWith(
                "complete -c keygate -n '__keygate_at api endpoints create' -l traffic-policy-file -r"))
        .noneMatch(line -> line.contains("train"))
        .allMatch(line -> line.chars().filter(one -> one == '\'').count() % 2 == 0);
    printed(2, "completion", "tcsh");
  }

  @Test
  void theManualHasEveryCommand() {
    assertThat(printed(0, "man"))
        .startsWith(".TH KEYGATE 1\n")
        .contains(
            ".SH KEYGATE API AI-GATEWAY-API-KEYS ROTATE\n",
            ".SH KEYGATE MASTER-KEY ROTATE\n",
            "\\-\\-grace")
        .doesNotContain("TRAIN");
  }
}
