package dev.keygate.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Command lines to copy, for the end of a command's help. */
final class ApiExamples {
  /** What usual fields look like; others show their placeholder. */
  private static final Map<String, String> VALUES =
      Map.of(
          "endpoint_id", "ep_…",
          "description", "\"Production web app\"",
          "url", "https://ai.example.com",
          "provider_id", "openai",
          "value", "- < key.txt",
          "limit", "10",
          "filter", "\"obj.description.startsWith('Production')\"",
          "disabled", "",
          "grace", "7d");

  private ApiExamples() {}

  static String[] footer(ApiOperation operation) {
    List<String> lines = new ArrayList<>(List.of("", "Examples:"));
    StringBuilder least = new StringBuilder("  ").append(operation.commandName());
    operation.pathParameters().forEach(one -> least.append(' ').append(one.placeholder()));
    StringBuilder more = new StringBuilder(least);
    fields(operation).stream()
        .filter(ApiField::isRequired)
        .forEach(field -> {
          least.append(given(field));
          more.append(given(field));
        });
    lines.add(least.toString());
    fields(operation).stream()
        .filter(field -> !field.isRequired() && VALUES.containsKey(field.name()))
        .forEach(field -> more.append(given(field)));
    fields(operation).stream()
        .filter(field -> field.kind() == ApiField.Kind.DOCUMENT)
        .forEach(field -> more.append(' ').append(field.fileFlag()).append(" policy.yaml"));
    if (operation.deletes()) {
      more.append(" --yes");
    }
    if (operation.method().equals("GET")) {
      more.append(" --output json");
    }
    if (!more.toString().contentEquals(least)) {
      lines.add(more.toString());
    }
    return lines.toArray(String[]::new);
  }

  private static List<ApiField> fields(ApiOperation operation) {
    List<ApiField> fields = new ArrayList<>(operation.body());
    fields.addAll(operation.query());
    return fields;
  }

  private static String given(ApiField field) {
    String value =
        field.choices().isEmpty()
            ? VALUES.getOrDefault(field.name(), field.placeholder())
            : field.choices().getFirst();
    return " " + field.flag() + (value.isEmpty() ? "" : " " + value);
  }
}
