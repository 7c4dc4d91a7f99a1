package dev.keygate.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The control API's contract, read for what the command line needs: which commands there are and
 * what they take. An operation called {@code things.verb} is the command {@code things verb}.
 */
final class ApiContract {
  private static final String RESOURCE = "/dev/keygate/control/openapi.yaml";
  private static final String REFERENCE = "#/components/";

  /** Longer texts than this are documents, which come from files. */
  private static final int LONGEST_LINE = 65_536;

  /** Published under another name than that of its path. */
  private static final String SECRETS = "secrets";

  private static final String VAULT_SECRETS = "vault-secrets";

  /** Left out of tables where the contract does not name the columns. */
  private static final List<String> SELDOM_ASKED =
      List.of("uri", "updated_at", "created_by", "last_updated_by", "metadata", "token");

  private static final int MOST_COLUMNS = 7;

  private final ContractText text;
  private final Map<String, List<ApiOperation>> resources = new LinkedHashMap<>();

  private ApiContract(ContractText text, List<String> arguments) {
    this.text = text;
    text.pathsWith(arguments.stream().flatMap(ApiContract::operationsOf).toList())
        .forEach(path -> readPath(path, text.path(path)));
  }

  /**
   * The contract packed with the program: that of a server of the same version.
   *
   * @param arguments of the command line: when they name resources, those are read and no others
   */
  static ApiContract load(List<String> arguments) {
    try (InputStream in = ApiContract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " in the program");
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return new ApiContract(new ContractText(yaml), arguments);
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  /** How the identifier of each operation of a resource begins in the contract. */
  private static Stream<String> operationsOf(String argument) {
    return Stream.of(argument, argument.equals(SECRETS) ? VAULT_SECRETS : argument)
        .distinct()
        .map(name -> "operationId: " + name.replace('-', '_') + ".");
  }

  /** Other names of a resource. */
  static List<String> aliases(String resource) {
    return resource.equals(SECRETS) ? List.of(VAULT_SECRETS) : List.of();
  }

  /** Operations by resource, both in the order of the contract. */
  Map<String, List<ApiOperation>> resources() {
    return resources;
  }

  private void readPath(String path, Object item) {
    map(item).forEach((method, described) -> readOperation(path, method, map(described)));
  }

  private void readOperation(String path, String method, Map<String, Object> described) {
    String[] name = String.valueOf(described.get("operationId")).split("\\.", 2);
    if (name.length < 2) {
      return;
    }
    String collection = ApiField.words(name[0], '-');
    String resource = collection.equals(VAULT_SECRETS) ? SECRETS : collection;
    resources
        .computeIfAbsent(resource, any -> new ArrayList<>())
        .add(
            new ApiOperation(
                resource,
                ApiField.words(name[1], '-'),
                method.toUpperCase(Locale.ROOT),
                path,
                String.valueOf(described.getOrDefault("summary", "")),
                parameters(described, "path"),
                parameters(described, "query"),
                parameters(described, "header"),
                body(described),
                columns(described)));
  }

  private List<ApiField> parameters(Map<String, Object> described, String in) {
    List<ApiField> parameters = new ArrayList<>();
    for (Object one : list(described.get("parameters"))) {
      Map<String, Object> parameter = resolve(map(one));
      if (in.equals(parameter.get("in"))) {
        parameters.add(
            field(
                String.valueOf(parameter.get("name")),
                text(parameter, "description"),
                resolve(map(parameter.get("schema"))),
                Boolean.TRUE.equals(parameter.get("required"))));
      }
    }
    return parameters;
  }

  private List<ApiField> body(Map<String, Object> described) {
    Map<String, Object> schema = jsonSchema(map(described.get("requestBody")));
    List<?> required = list(schema.get("required"));
    List<ApiField> fields = new ArrayList<>();
    map(schema.get("properties"))
        .forEach((name, one) -> {
          Map<String, Object> property = resolve(map(one));
          fields.add(field(name, text(property, "description"), property, required.contains(name)));
        });
    return fields;
  }

  private ApiField field(
      String name, String description, Map<String, Object> schema, boolean isRequired) {
    Object type = schema.get("type");
    List<?> types = type instanceof List<?> several ? several : List.of(String.valueOf(type));
    List<String> choices = list(schema.get("enum")).stream().map(String::valueOf).toList();
    return new ApiField(
        name, description, kind(types, schema), isRequired, types.contains("null"), choices);
  }

  private ApiField.Kind kind(List<?> types, Map<String, Object> schema) {
    if (types.contains("string")) {
      if (Boolean.TRUE.equals(schema.get("writeOnly"))) {
        return ApiField.Kind.SECRET;
      }
      return schema.get("maxLength") instanceof Integer most && most > LONGEST_LINE
          ? ApiField.Kind.DOCUMENT
          : ApiField.Kind.TEXT;
    }
    if (types.contains("boolean")) {
      return ApiField.Kind.SWITCH;
    }
    if (types.contains("integer") || types.contains("number")) {
      return ApiField.Kind.NUMBER;
    }
    boolean texts = "string".equals(resolve(map(schema.get("items"))).get("type"));
    return types.contains("array") && texts ? ApiField.Kind.TEXTS : ApiField.Kind.JSON;
  }

  /** Columns of the object answered with, or of the objects in the list answered with. */
  private List<String> columns(Map<String, Object> described) {
    for (Map.Entry<String, Object> response : map(described.get("responses")).entrySet()) {
      if (response.getKey().startsWith("2")) {
        Map<String, Object> schema = jsonSchema(map(response.getValue()));
        for (Object property : map(schema.get("properties")).values()) {
          Map<String, Object> items = resolve(map(map(property).get("items")));
          if (items.containsKey("properties") && schema.toString().contains("next_page_uri")) {
            return columnsOf(items);
          }
        }
        return columnsOf(schema);
      }
    }
    return List.of();
  }

  private static List<String> columnsOf(Map<String, Object> schema) {
    List<?> named = list(schema.get("x-columns"));
    return named.isEmpty()
        ? map(schema.get("properties")).keySet().stream()
            .filter(name -> !SELDOM_ASKED.contains(name))
            .limit(MOST_COLUMNS)
            .toList()
        : named.stream().map(String::valueOf).toList();
  }

  private Map<String, Object> jsonSchema(Map<String, Object> message) {
    Map<String, Object> content = map(resolve(message).get("content"));
    return resolve(map(map(content.get("application/json")).get("schema")));
  }

  private Map<String, Object> resolve(Map<String, Object> node) {
    if (!(node.get("$ref") instanceof String reference)) {
      return node;
    }
    String[] steps = reference.substring(REFERENCE.length()).split("/", -1);
    return map(text.component(steps[0], steps[1]));
  }

  private static String text(Map<String, Object> node, String name) {
    return String.valueOf(node.getOrDefault(name, ""));
  }

  @SuppressWarnings("unchecked") // YAML mappings of this document have texts as keys
  private static Map<String, Object> map(@Nullable Object node) {
    return node instanceof Map<?, ?> mapping ? (Map<String, Object>) mapping : Map.of();
  }

  private static List<?> list(@Nullable Object node) {
    return node instanceof List<?> items ? items : List.of();
  }
}
