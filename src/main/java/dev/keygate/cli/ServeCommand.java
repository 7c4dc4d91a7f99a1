package dev.keygate.cli;

import dev.keygate.server.KeygateServer;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** {@code keygate serve}: its flags are the settings of {@link Setting}. */
final class ServeCommand implements Callable<Integer> {
  private static final String CONFIG = "--config";

  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("serve");

  static CommandLine commandLine() {
    CommandSpec spec = new ServeCommand().spec;
    spec.usageMessage()
        .header("Run the gateway.")
        .description(
            "",
            "Every flag is also a key of keygate.yaml (without the dashes) and an environment"
                + " variable (--data-dir is KEYGATE_DATA_DIR). Flags win over variables, variables"
                + " over the file.",
            "")
        .footer(
            "",
            "Provider keys for the whole gateway come from OPENAI_API_KEY, ANTHROPIC_API_KEY, …,",
            "or from the control API. KEYGATE_MASTER_KEY replaces the master key file.",
            "",
            "Examples:",
            "  keygate serve --demo",
            "  OPENAI_API_KEY=sk-… keygate serve --listen 127.0.0.1:9000",
            "  keygate serve --database-url postgresql://keygate:…@db.internal/keygate");
    spec.mixinStandardHelpOptions(true);
    spec.addOption(
        OptionSpec.builder(CONFIG)
            .paramLabel("FILE")
            .type(Path.class)
            .description("Settings to read. Default: keygate.yaml in the working directory.")
            .build());
    for (Setting setting : Setting.values()) {
      spec.addOption(option(setting));
    }
    return new CommandLine(spec);
  }

  private static OptionSpec option(Setting setting) {
    String defaults = setting.fallback().isEmpty() ? "" : " Default: " + setting.fallback() + ".";
    OptionSpec.Builder option =
        OptionSpec.builder(setting.flag())
            .paramLabel(setting.placeholder())
            .type(String.class)
            .description(setting.description() + (setting.isSwitch() ? "" : defaults));
    if (setting.isSwitch()) {
      option.arity("0..1").fallbackValue("true").hideParamSyntax(true).paramLabel("");
    }
    return option.build();
  }

  @Override
  public Integer call() {
    CommandLine command = spec.commandLine();
    return serve(settings(command.getParseResult()), command.getOut());
  }

  private static ServerSettings settings(ParseResult parsed) {
    Path asked = parsed.matchedOptionValue(CONFIG, null);
    SettingValues values = SettingValues.configured(Optional.ofNullable(asked), System.getenv());
    for (Setting setting : Setting.values()) {
      if (parsed.hasMatchedOption(setting.flag())) {
        values.withFlag(setting, parsed.matchedOptionValue(setting.flag(), ""));
      }
    }
    return ServerSettings.of(values);
  }

  private static int serve(ServerSettings settings, PrintWriter out) {
    CountDownLatch stopped = new CountDownLatch(1);
    KeygateServer server = KeygateServer.start(settings, System.getenv(), out);
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("stop")
                .unstarted(() -> {
                  server.stop();
                  stopped.countDown();
                }));
    try {
      stopped.await();
      return CommandLineTool.DONE;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return CommandLineTool.FAILED;
    }
  }
}
