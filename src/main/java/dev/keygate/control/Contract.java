package dev.keygate.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * {@code openapi.yaml} as the server works by it: it is served, and it is what routes and checks
 * calls. Immutable.
 */
final class Contract {
  private static final String RESOURCE = "openapi.yaml";
  private static final String REFERENCE = "#/components/";

  private final String text;
  private final Map<String, Object> root;
  private final List<Operation> operations = new ArrayList<>();

  private Contract(String text) {
    this.text = text;
    this.root =
        map(new Load(LoadSettings.builder().setLabel(RESOURCE).build()).loadFromString(text));
    map(root.get("paths")).forEach(this::readPath);
  }

  /** The contract packed with the program. */
  static Contract load() {
    try (InputStream in = Contract.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("no " + RESOURCE + " beside " + Contract.class);
      }
      return new Contract(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
  }

  String text() {
    return text;
  }

  List<Operation> operations() {
    return operations;
  }

  private void readPath(String path, Object item) {
    String[] segments = path.substring(1).split("/", -1);
    map(item)
        .forEach((method, operation) ->
            operations.add(operation(method.toUpperCase(Locale.ROOT), segments, map(operation))));
  }

  private Operation operation(String method, String[] path, Map<String, Object> described) {
    Set<String> query = new LinkedHashSet<>();
    for (Object parameter : list(described.get("parameters"))) {
      Map<String, Object> resolved = resolve(map(parameter));
      if ("query".equals(resolved.get("in"))) {
        query.add(String.valueOf(resolved.get("name")));
      }
    }
    Map<String, Object> schema = bodySchema(described);
    return new Operation(
        String.valueOf(described.get("operationId")),
        method,
        path[0],
        path.length > 1,
        path.length > 2 ? path[2] : "",
        Role.of(String.valueOf(described.get("x-role"))),
        query,
        described.containsKey("requestBody"),
        fields(schema),
        texts(schema.get("required")));
  }

  private Map<String, Object> bodySchema(Map<String, Object> described) {
    Map<String, Object> content = map(map(described.get("requestBody")).get("content"));
    return resolve(map(map(content.get("application/json")).get("schema")));
  }

  private Map<String, Field> fields(Map<String, Object> schema) {
    Map<String, Field> fields = new LinkedHashMap<>();
    map(schema.get("properties"))
        .forEach((name, property) -> fields.put(name, field(name, resolve(map(property)))));
    return fields;
  }

  private Field field(String name, Map<String, Object> property) {
    Object type = property.get("type");
    Map<String, Object> items = resolve(map(property.get("items")));
    Object max = property.getOrDefault("maxLength", property.get("maxItems"));
    return new Field(
        name,
        type instanceof List<?> ? texts(type) : Set.of(String.valueOf(type)),
        bound(max),
        bound(items.get("maxLength")),
        List.copyOf(texts(property.get("enum"))),
        "date-time".equals(property.get("format")),
        fields(items),
        texts(items.get("required")));
  }

  private static int bound(@Nullable Object max) {
    return max instanceof Integer bound ? bound : Integer.MAX_VALUE;
  }

  private Map<String, Object> resolve(Map<String, Object> node) {
    if (!(node.get("$ref") instanceof String reference)) {
      return node;
    }
    Map<String, Object> target = map(root.get("components"));
    for (String step : reference.substring(REFERENCE.length()).split("/", -1)) {
      target = map(target.get(step));
    }
    return target;
  }

  @SuppressWarnings("unchecked") // YAML mappings of this document have texts as keys
  private static Map<String, Object> map(@Nullable Object node) {
    return node instanceof Map<?, ?> mapping ? (Map<String, Object>) mapping : Map.of();
  }

  private static List<?> list(@Nullable Object node) {
    return node instanceof List<?> items ? items : List.of();
  }

  private static Set<String> texts(@Nullable Object node) {
    Set<String> texts = new LinkedHashSet<>();
    list(node).forEach(item -> texts.add(String.valueOf(item)));
    return texts;
  }
}
