package dev.keygate.ai.catalog;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** One JSON object of a catalog, read field by field; what is wrong is added to the problems. */
final class CatalogEntry {
  private static final int MAX_TEXT = 256;
  private static final int MAX_LIST = 100;
  private static final long MAX_TOKENS = 1_000_000_000L;
  private static final double MAX_PRICE = 1_000_000;

  private final String where;
  private final JsonNode node;
  private final List<String> problems;

  CatalogEntry(String where, JsonNode node, Set<String> known, List<String> problems) {
    this.where = where;
    this.problems = problems;
    this.node = node.isObject() ? node : JsonNodeFactory.instance.objectNode();
    if (!node.isObject()) {
      problems.add(path("") + "expected an object");
    }
    for (String name : this.node.propertyNames()) {
      if (!known.contains(name)) {
        problems.add(
            path(name) + "unknown field; expected one of " + known.stream().sorted().toList());
      }
    }
  }

  /** A text that must be there. */
  String text(String name) {
    String text = text(name, "");
    if (text.isEmpty() && !node.has(name)) {
      problems.add(path(name) + "is missing");
    }
    return text;
  }

  String text(String name, String fallback) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return fallback;
    }
    if (value.isString() && !value.asString().isBlank() && value.asString().length() <= MAX_TEXT) {
      return value.asString();
    }
    problems.add(path(name) + "expected a text of 1 to " + MAX_TEXT + " characters");
    return fallback;
  }

  /** A list of texts without repetition; empty when it is not there. */
  List<String> list(String name) {
    Set<String> texts = new LinkedHashSet<>();
    for (JsonNode item : array(name, MAX_LIST)) {
      if (!item.isString() || item.asString().isBlank() || item.asString().length() > MAX_TEXT) {
        problems.add(path(name) + "expected texts of 1 to " + MAX_TEXT + " characters");
      } else if (!texts.add(item.asString())) {
        problems.add(path(name) + "'" + item.asString() + "' is there twice");
      }
    }
    return List.copyOf(texts);
  }

  List<JsonNode> array(String name, int most) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return List.of();
    }
    if (!value.isArray() || value.size() > most) {
      problems.add(path(name) + "expected a list of at most " + most);
      return List.of();
    }
    List<JsonNode> items = new ArrayList<>();
    value.forEach(items::add);
    return items;
  }

  /** Texts by name; empty when it is not there. */
  Map<String, String> texts(String name, Set<String> known) {
    CatalogEntry below = below(name, known);
    Map<String, String> texts = new LinkedHashMap<>();
    if (below != null) {
      known.forEach(key -> {
        String text = below.text(key, "");
        if (!text.isEmpty()) {
          texts.put(key, text);
        }
      });
    }
    return texts;
  }

  @Nullable CatalogEntry below(String name, Set<String> known) {
    JsonNode value = node.path(name);
    return value.isMissingNode() ? null : new CatalogEntry(where(name), value, known, problems);
  }

  /** A number of tokens; 0 when it is not there. */
  long whole(String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return 0;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      long number = value.asLong();
      if (number > 0 && number <= MAX_TOKENS) {
        return number;
      }
    }
    problems.add(path(name) + "expected a whole number from 1 to " + MAX_TOKENS);
    return 0;
  }

  /** An amount of money; {@link Double#NaN} when it is not there. */
  double amount(String name) {
    JsonNode value = node.path(name);
    if (value.isMissingNode()) {
      return Double.NaN;
    }
    double amount = value.isNumber() ? value.asDouble() : Double.NaN;
    if (!(amount >= 0 && amount <= MAX_PRICE)) {
      problems.add(path(name) + "expected a price from 0 to 1000000");
    }
    return amount;
  }

  <E extends Enum<E>> E choice(String name, E fallback) {
    String text = text(name, fallback.name().toLowerCase(Locale.ROOT));
    for (E constant : fallback.getDeclaringClass().getEnumConstants()) {
      if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
        return constant;
      }
    }
    problems.add(path(name) + "unknown value");
    return fallback;
  }

  private String where(String name) {
    return where.isEmpty() ? name : where + '.' + name;
  }

  private String path(String name) {
    return (name.isEmpty() ? where : where(name)) + ": ";
  }
}
