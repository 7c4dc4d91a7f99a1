package dev.keygate.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * {@code keygate api}: one command for each operation of the contract. Commands of resources that
 * the command line does not name are left out: making them all would take longer than the call.
 */
final class ApiCommands {
  static final String NAME = "api";

  private final Surroundings around;
  private final List<String> arguments;

  private ApiCommands(Surroundings around, List<String> arguments) {
    this.around = around;
    this.arguments = arguments;
  }

  static CommandSpec spec(Surroundings around, List<String> arguments) {
    return new ApiCommands(around, arguments).all();
  }

  private CommandSpec all() {
    CommandSpec api = group(NAME);
    api.usageMessage()
        .header("Manage keys and endpoints of a running gateway.")
        .description(
            "",
            "On the machine that runs `keygate serve` nothing has to be configured. Elsewhere begin"
                + " with `keygate login`, or give KEYGATE_API_URL and KEYGATE_API_KEY.",
            "")
        .footer(
            "",
            "Examples:",
            "  keygate api endpoints list",
            "  keygate api ai-gateway-api-keys create --endpoint-id ep_… --description \"Production"
                + " web app\"",
            "",
            "Exit codes: 0 done, 1 refused or failed, 2 used wrongly.");
    if (arguments.contains(NAME)) {
      ApiContract.load(arguments)
          .resources()
          .forEach((name, operations) -> add(api, name, operations));
    }
    return api;
  }

  private void add(CommandSpec api, String name, List<ApiOperation> operations) {
    CommandSpec resource = group(name);
    resource.usageMessage().header(title(operations)).description("");
    List<String> aliases = ApiContract.aliases(name);
    resource.aliases(aliases.toArray(String[]::new));
    if (arguments.contains(name) || aliases.stream().anyMatch(arguments::contains)) {
      boolean isVerbNamed = operations.stream().anyMatch(one -> arguments.contains(one.verb()));
      operations.stream()
          .filter(one -> !isVerbNamed || arguments.contains(one.verb()))
          .forEach(operation -> resource.addSubcommand(operation.verb(), verb(operation)));
    }
    api.addSubcommand(name, resource);
  }

  /** Resources have no text of their own in the contract: what {@code list} does names them. */
  private static String title(List<ApiOperation> operations) {
    String summary =
        operations.stream()
            .filter(operation -> operation.verb().equals("list"))
            .findFirst()
            .orElse(operations.getFirst())
            .summary();
    return summary.replaceFirst("^List ([^,.]*).*$", "Manage $1.");
  }

  /** A command that only leads to others: without one of those it is used wrongly. */
  private CommandSpec group(String name) {
    Group group = new Group(around);
    group.spec = CommandSpec.wrapWithoutInspection(group).name(name);
    group.spec.usageMessage().synopsisSubcommandLabel("COMMAND");
    return group.spec.mixinStandardHelpOptions(true);
  }

  private static final class Group implements Callable<Integer> {
    private final Surroundings around;
    private CommandSpec spec = CommandSpec.create();

    private Group(Surroundings around) {
      this.around = around;
    }

    @Override
    public Integer call() {
      spec.commandLine().usage(around.err());
      around.err().flush();
      return CommandLineTool.USAGE;
    }
  }

  private CommandLine verb(ApiOperation operation) {
    CommandSpec spec = new ApiCommand(operation, around).spec();
    spec.usageMessage()
        .header(operation.summary())
        .sortOptions(false)
        .sortSynopsis(false)
        .abbreviateSynopsis(true)
        .footer(ApiExamples.footer(operation));
    int index = 0;
    for (ApiField parameter : operation.pathParameters()) {
      spec.addPositional(
          PositionalParamSpec.builder()
              .index(Integer.toString(index++))
              .arity("1")
              .paramLabel(parameter.placeholder())
              .type(String.class)
              .description(escaped(parameter.description()))
              .build());
    }
    List<ApiField> flags = new ArrayList<>(operation.body());
    flags.addAll(operation.query());
    flags.addAll(operation.headers());
    flags.forEach(field -> options(field).forEach(spec::addOption));
    common(operation).forEach(spec::addOption);
    spec.mixinStandardHelpOptions(true);
    return new CommandLine(spec);
  }

  private static List<OptionSpec> options(ApiField field) {
    OptionSpec.Builder option =
        OptionSpec.builder(field.flag())
            .paramLabel(field.placeholder())
            .required(field.isRequired())
            .description(description(field));
    switch (field.kind()) {
      case TEXTS -> option.type(List.class).auxiliaryTypes(String.class).arity("1");
      case SWITCH ->
          option.type(String.class).arity("0..1").fallbackValue("true").paramLabel("true|false");
      default -> option.type(String.class);
    }
    if (field.kind() != ApiField.Kind.DOCUMENT) {
      return List.of(option.build());
    }
    return List.of(
        option.required(false).build(),
        text(field.fileFlag(), "FILE", "The same from a file; - for standard input."));
  }

  private static String description(ApiField field) {
    String more =
        switch (field.kind()) {
          case SECRET -> " - reads it from standard input, or asks for it at a terminal.";
          case TEXTS -> " May be repeated.";
          case JSON -> " - reads it from standard input.";
          case TEXT, DOCUMENT, SWITCH, NUMBER -> "";
        };
    return escaped(field.description() + more + (field.isRequired() ? " Required." : ""));
  }

  private static List<OptionSpec> common(ApiOperation operation) {
    List<OptionSpec> options = new ArrayList<>();
    if (operation.deletes()) {
      options.add(
          OptionSpec.builder("-y", ApiCommand.YES)
              .type(boolean.class)
              .description("Do not ask for confirmation.")
              .build());
    }
    options.add(text(ApiCommand.OUTPUT, "FORMAT", "table, json or yaml. Default: table."));
    options.add(
        text(
            ApiCommand.API_URL,
            "URL",
            "Where the control API is. Default: KEYGATE_API_URL, else "
                + ApiServer.DEFAULT_URL
                + "."));
    options.add(
        text(
            ApiCommand.API_KEY,
            "KEY",
            "Management key. Default: KEYGATE_API_KEY, else the one in the data directory."));
    options.add(
        text(
            Profile.FLAG,
            "NAME",
            "A gateway that you logged in to with `keygate login`. Default: KEYGATE_PROFILE."));
    options.add(
        text(
            ApiCommand.DATA_DIR,
            "DIR",
            "The server's data directory. Default: KEYGATE_DATA_DIR, else ~/.keygate."));
    return options;
  }

  private static OptionSpec text(String flag, String label, String description) {
    return OptionSpec.builder(flag)
        .paramLabel(label)
        .type(String.class)
        .description(escaped(description))
        .build();
  }

  /** Descriptions are formats to picocli. */
  private static String escaped(String text) {
    return text.replace("%", "%%").replace("${", "$${");
  }
}
