package dev.keygate.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Turns the flags of one command line into what its call takes. Reads standard input once. */
final class FlagValues {
  private static final String STANDARD_INPUT = "-";
  private static final int MOST_INPUT = 2 * 1024 * 1024;
  private static final Pattern NUMBER = Pattern.compile("-?\\d{1,18}");
  private static final JsonMapper JSON = new JsonMapper();

  private final ParseResult parsed;
  private final Surroundings around;
  private final List<String> secrets = new ArrayList<>();
  private String readBy = "";

  FlagValues(ParseResult parsed, Surroundings around) {
    this.parsed = parsed;
    this.around = around;
  }

  /** Values that no message may repeat. */
  List<String> secrets() {
    return secrets;
  }

  /** A JSON object of the fields whose flags were given. */
  ObjectNode body(List<ApiField> fields) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    for (ApiField field : fields) {
      value(field).ifPresent(value -> body.set(field.name(), value));
    }
    return body;
  }

  /** The text of a query parameter or header. */
  Optional<String> text(ApiField field) {
    return value(field).map(JsonNode::asString);
  }

  private Optional<JsonNode> value(ApiField field) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (field.kind() == ApiField.Kind.TEXTS) {
      if (!parsed.hasMatchedOption(field.flag())) {
        return Optional.empty();
      }
      List<String> texts = parsed.matchedOptionValue(field.flag(), List.of());
      return Optional.of(
          texts.stream()
              .collect(nodes::arrayNode, (list, text) -> list.add(text), (one, other) -> {}));
    }
    return given(field)
        .map(text ->
            field.isNullable() && text.equals("null") ? nodes.nullNode() : node(field, text));
  }

  private JsonNode node(ApiField field, String text) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (field.kind()) {
      case TEXT, DOCUMENT, TEXTS -> nodes.stringNode(text);
      case SECRET -> nodes.stringNode(secret(text));
      case SWITCH -> nodes.booleanNode(isTrue(field, text));
      case NUMBER -> {
        require(NUMBER.matcher(text).matches(), field, "expected a number");
        yield nodes.numberNode(Long.parseLong(text));
      }
      case JSON -> json(field, text);
    };
  }

  private Optional<String> given(ApiField field) {
    String file = parsed.hasMatchedOption(field.fileFlag()) ? option(field.fileFlag()) : "";
    boolean isGiven = parsed.hasMatchedOption(field.flag());
    if (!file.isEmpty()) {
      require(!isGiven, field, "given twice, here and by " + field.fileFlag());
      return Optional.of(file.equals(STANDARD_INPUT) ? input(field.fileFlag()) : read(file));
    }
    if (!isGiven) {
      return Optional.empty();
    }
    String text = option(field.flag());
    boolean isElsewhere =
        text.equals(STANDARD_INPUT)
            && (field.kind() == ApiField.Kind.SECRET || field.kind() == ApiField.Kind.JSON);
    return Optional.of(isElsewhere ? elsewhere(field) : text);
  }

  private String option(String flag) {
    return parsed.matchedOptionValue(flag, "");
  }

  /** Typed without echo at a terminal, otherwise standard input without its last line break. */
  private String elsewhere(ApiField field) {
    return around
        .terminal()
        .map(person -> person.askSecret(ApiField.words(field.name(), ' ') + ":"))
        .orElseGet(() -> input(field.flag()).stripTrailing());
  }

  private String input(String flag) {
    if (!readBy.isEmpty()) {
      throw misused(flag + " -: standard input is already read by " + readBy);
    }
    readBy = flag;
    return new String(around.readInput(MOST_INPUT), StandardCharsets.UTF_8);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be read: is it a file, of UTF-8 text?");
    }
  }

  private String secret(String text) {
    if (!text.isEmpty()) {
      secrets.add(text);
    }
    return text;
  }

  private boolean isTrue(ApiField field, String text) {
    boolean isTrue = text.equals("true");
    require(isTrue || text.equals("false"), field, "expected true or false");
    return isTrue;
  }

  /** What it holds may be a secret, so a mistake in it is told by its place alone. */
  private JsonNode json(ApiField field, String text) {
    try {
      JsonNode node = JSON.readTree(text);
      keepTextsOf(node);
      return node;
    } catch (JacksonException e) {
      throw misused(
          "%s: not JSON at line %d, column %d"
              .formatted(field.flag(), e.getLocation().getLineNr(), e.getLocation().getColumnNr()));
    }
  }

  private void keepTextsOf(JsonNode node) {
    if (node.isObject()) {
      node.properties().stream()
          .filter(property -> property.getKey().equals("value"))
          .filter(property -> property.getValue().isString())
          .forEach(property -> secret(property.getValue().asString()));
    }
    node.forEach(this::keepTextsOf);
  }

  private void require(boolean fits, ApiField field, String expected) {
    if (!fits) {
      throw misused(field.flag() + ": " + expected);
    }
  }

  private ParameterException misused(String message) {
    return new ParameterException(parsed.commandSpec().commandLine(), message);
  }
}
