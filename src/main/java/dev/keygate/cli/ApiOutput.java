package dev.keygate.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Prints what the control API answered: a table for people, JSON or YAML for programs. */
final class ApiOutput {
  private static final String TOKEN = "token";
  private static final String NEXT_PAGE = "next_page_uri";
  private static final String NOTHING = "-";

  private final Format format;
  private final ApiOperation operation;
  private final Surroundings around;
  private final PrintWriter out;

  /** The values of {@code --output}. */
  enum Format {
    TABLE,
    JSON,
    YAML;

    static final String NAMES = "table, json or yaml";
  }

  ApiOutput(Format format, ApiOperation operation, Surroundings around) {
    this.format = format;
    this.operation = operation;
    this.around = around;
    this.out = around.out();
  }

  /** After the object is gone. */
  void deleted(String id) {
    if (format == Format.TABLE) {
      out.println("Deleted " + TextTable.printable(id) + ".");
    }
    out.flush();
  }

  /** One object, or one page of a list. */
  void answer(JsonNode answer) {
    switch (format) {
      case JSON ->
          out.println(
              JsonMapper.builder()
                  .enable(SerializationFeature.INDENT_OUTPUT)
                  .build()
                  .writeValueAsString(answer));
      case YAML -> out.print(yaml(answer));
      case TABLE -> listOf(answer).ifPresentOrElse(list -> table(list, answer), () -> one(answer));
    }
    out.flush();
  }

  private static Optional<JsonNode> listOf(JsonNode answer) {
    return answer.has(NEXT_PAGE)
        ? answer.valueStream().filter(JsonNode::isArray).findFirst()
        : Optional.empty();
  }

  private void table(JsonNode list, JsonNode page) {
    if (list.isEmpty()) {
      around.err().println("There are none.");
      around.err().flush();
      return;
    }
    rows(operation.columns(), list);
    if (page.path(NEXT_PAGE).isString()) {
      out.flush();
      around
          .err()
          .println(
              "There are more: add --before-id "
                  + text(list.get(list.size() - 1).get("id"))
                  + " for the next page.");
      around.err().flush();
    }
  }

  private void rows(List<String> columns, Iterable<JsonNode> objects) {
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode one : objects) {
      rows.add(columns.stream().map(name -> text(one.get(name))).toList());
    }
    List<String> titles =
        columns.stream().map(name -> ApiField.words(name, ' ').toUpperCase(Locale.ROOT)).toList();
    out.print(
        TextTable.of(
            titles, rows, around.hasColours() ? TextTable.Header.BOLD : TextTable.Header.PLAIN));
  }

  /**
   * What it holds as lines, then as tables what does not fit one; the token last and alone on its
   * line, where eyes and {@code tail -n 1} find it.
   */
  private void one(JsonNode object) {
    Map<String, JsonNode> lines = new LinkedHashMap<>();
    Map<String, JsonNode> tables = new LinkedHashMap<>();
    object
        .properties()
        .forEach(property -> {
          if (!property.getKey().equals(TOKEN) && !property.getKey().equals("uri")) {
            (isTable(property.getValue()) ? tables : lines)
                .put(property.getKey(), property.getValue());
          }
        });
    int widest = lines.keySet().stream().mapToInt(String::length).max().orElse(0);
    lines.forEach((name, value) -> line(name, text(value), widest));
    tables.forEach((name, value) -> {
      out.println();
      out.println(ApiField.words(name, ' ') + ":");
      Iterable<JsonNode> objects = value.isArray() ? value : List.of(value);
      rows(names(objects), objects);
    });
    String token = object.path(TOKEN).asString("");
    if (!token.isEmpty()) {
      out.println();
      out.println("The token, shown this once:");
      out.println(TextTable.printable(token));
    }
  }

  /** Whether it is made of objects that have no name of their own to stand for them. */
  private static boolean isTable(JsonNode value) {
    return value.isArray()
        ? !value.isEmpty() && value.valueStream().allMatch(one -> one.isObject() && isTable(one))
        : value.isObject() && !value.isEmpty() && !value.has("id");
  }

  private static List<String> names(Iterable<JsonNode> objects) {
    Set<String> names = new LinkedHashSet<>();
    objects.forEach(one -> names.addAll(one.propertyNames()));
    return List.copyOf(names);
  }

  private void line(String name, String text, int widest) {
    String title = ApiField.words(name, ' ');
    String indented =
        text.strip().contains("\n") ? "\n" + text.stripTrailing().indent(4).stripTrailing() : text;
    out.println(title + " ".repeat(widest - title.length() + 2) + TextTable.printable(indented));
  }

  private static String text(@Nullable JsonNode value) {
    if (value == null || value.isNull()) {
      return NOTHING;
    }
    if (value.isObject()) {
      return value.has("id") ? text(value.get("id")) : value.toString();
    }
    if (value.isNumber()) {
      return value.decimalValue().toPlainString();
    }
    String text =
        value.isArray()
            ? String.join(
                ", ",
                StreamSupport.stream(value.spliterator(), false).map(ApiOutput::text).toList())
            : value.asString();
    return text.isEmpty() ? NOTHING : text;
  }

  private static String yaml(JsonNode answer) {
    DumpSettings settings =
        DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).setMultiLineFlow(false).build();
    return new Dump(settings).dumpToString(plain(answer));
  }

  private static @Nullable Object plain(JsonNode node) {
    if (node.isObject()) {
      Map<String, @Nullable Object> map = new LinkedHashMap<>();
      node.properties().forEach(one -> map.put(one.getKey(), plain(one.getValue())));
      return map;
    }
    if (node.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      node.forEach(one -> list.add(plain(one)));
      return list;
    }
    if (node.isNull()) {
      return null;
    }
    if (node.isNumber()) {
      return node.numberValue();
    }
    return node.isBoolean() ? (Object) node.booleanValue() : node.asString();
  }
}
