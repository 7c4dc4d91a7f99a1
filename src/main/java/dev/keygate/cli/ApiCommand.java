package dev.keygate.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs one operation of the control API, and prints what it answers. */
final class ApiCommand implements Callable<Integer> {
  static final String API_URL = "--api-url";
  static final String API_KEY = "--api-key";
  static final String DATA_DIR = "--data-dir";
  static final String OUTPUT = "--output";
  static final String YES = "--yes";

  private static final JsonMapper JSON = new JsonMapper();

  private final ApiOperation operation;
  private final Surroundings around;
  private final CommandSpec spec;

  ApiCommand(ApiOperation operation, Surroundings around) {
    this.operation = operation;
    this.around = around;
    this.spec = CommandSpec.wrapWithoutInspection(this).name(operation.verb());
  }

  CommandSpec spec() {
    return spec;
  }

  @Override
  public Integer call() {
    ParseResult parsed = spec.commandLine().getParseResult();
    FlagValues values = new FlagValues(parsed, around);
    ApiOutput output = new ApiOutput(format(parsed), operation, around);
    String target = path(parsed) + query(values);
    String body = operation.takesBody() ? values.body(operation.body()).toString() : "";
    ApiServer server =
        ApiServer.find(
            around,
            option(parsed, Profile.FLAG),
            option(parsed, API_URL),
            option(parsed, API_KEY),
            option(parsed, DATA_DIR));
    if (operation.deletes() && !parsed.hasMatchedOption(YES) && !isSure(parsed)) {
      around.err().println("Nothing was deleted.");
      return CommandLineTool.FAILED;
    }
    ApiServer.Reply reply = server.send(operation.method(), target, headers(values), body);
    if (reply.status() >= 300) {
      throw new CommandFailedException(refusal(reply, server, values.secrets()));
    }
    if (operation.deletes()) {
      output.deleted(argument(parsed, operation.pathParameters().getLast()));
    } else {
      output.answer(
          json(reply)
              .orElseThrow(() -> new CommandFailedException(notKeygate(reply, server.url()))));
    }
    return CommandLineTool.DONE;
  }

  private ApiOutput.Format format(ParseResult parsed) {
    String text = option(parsed, OUTPUT).orElse("table").toUpperCase(Locale.ROOT);
    for (ApiOutput.Format format : ApiOutput.Format.values()) {
      if (format.name().equals(text)) {
        return format;
      }
    }
    throw new ParameterException(
        spec.commandLine(), OUTPUT + ": expected " + ApiOutput.Format.NAMES);
  }

  private String path(ParseResult parsed) {
    String path = operation.path();
    for (ApiField parameter : operation.pathParameters()) {
      String value = argument(parsed, parameter);
      if (value.isBlank()) {
        throw new ParameterException(
            spec.commandLine(), parameter.placeholder() + ": expected an identifier");
      }
      path = path.replace("{" + parameter.name() + "}", encoded(value));
    }
    return path;
  }

  private String argument(ParseResult parsed, ApiField parameter) {
    return parsed.matchedPositionalValue(operation.pathParameters().indexOf(parameter), "");
  }

  private String query(FlagValues values) {
    StringBuilder query = new StringBuilder();
    for (ApiField field : operation.query()) {
      values
          .text(field)
          .ifPresent(text ->
              query
                  .append(query.isEmpty() ? '?' : '&')
                  .append(field.name())
                  .append('=')
                  .append(encoded(text)));
    }
    return query.toString();
  }

  private Map<String, String> headers(FlagValues values) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (ApiField field : operation.headers()) {
      values.text(field).ifPresent(text -> headers.put(field.name(), headerValue(field, text)));
    }
    return headers;
  }

  private String headerValue(ApiField field, String text) {
    if (text.chars().anyMatch(one -> one < ' ' || one > '~')) {
      throw new ParameterException(
          spec.commandLine(), field.flag() + ": expected letters, digits and signs of ASCII");
    }
    return text;
  }

  /** Somebody at a terminal is asked; a script meant what it says. */
  private boolean isSure(ParseResult parsed) {
    String what =
        operation.resource() + " " + argument(parsed, operation.pathParameters().getLast());
    return around
        .terminal()
        .map(person -> person.ask("Delete " + what + "? [y/N]").strip())
        .map(answer -> answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"))
        .orElse(true);
  }

  private static String refusal(ApiServer.Reply reply, ApiServer server, List<String> secrets) {
    JsonNode error = json(reply).orElse(JSON.createObjectNode());
    if (!error.has("msg") || !error.has("error_code")) {
      return notKeygate(reply, server.url());
    }
    String text = error.get("msg").asString() + " (" + error.get("error_code").asString() + ")";
    if (reply.status() == 401) {
      text += "\nThe management key comes from " + server.keyOrigin() + ".";
    }
    for (String secret : secrets) {
      text = text.replace(secret, "***");
    }
    return TextTable.printable(text.replace(server.key().reveal(), "***"));
  }

  private static String notKeygate(ApiServer.Reply reply, String url) {
    return "What answers at "
        + url
        + " (status "
        + reply.status()
        + ") is not Keygate's control API; see "
        + API_URL
        + ".";
  }

  private static Optional<JsonNode> json(ApiServer.Reply reply) {
    try {
      JsonNode node = JSON.readTree(reply.body());
      return node.isObject() ? Optional.of(node) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> option(ParseResult parsed, String flag) {
    return parsed.hasMatchedOption(flag)
        ? Optional.of(parsed.matchedOptionValue(flag, ""))
        : Optional.empty();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
