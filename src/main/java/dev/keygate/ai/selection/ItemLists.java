package dev.keygate.ai.selection;

import dev.cel.common.values.NullValue;
import dev.keygate.policy.expression.EvaluationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/** What strategies do with lists of models, providers, authors and keys. Names know no case. */
final class ItemLists {
  private ItemLists() {}

  /** Those whose id or an alias of it, in this field, is among the names. */
  static List<Item> only(List<?> items, String field, List<?> names) {
    return items(items).stream().filter(item -> isAmong(item, field, names)).toList();
  }

  static List<Item> ignore(List<?> items, String field, List<?> names) {
    return items(items).stream().filter(item -> !isAmong(item, field, names)).toList();
  }

  /** One of them; null of none. */
  static Object random(List<?> items) {
    return items.isEmpty()
        ? NullValue.NULL_VALUE
        : items.get(ThreadLocalRandom.current().nextInt(items.size()));
  }

  static List<Item> randomize(List<?> items) {
    List<Item> mixed = new ArrayList<>(items(items));
    Collections.shuffle(mixed, ThreadLocalRandom.current());
    return mixed;
  }

  /** Cheapest input first; those without a known price last. */
  static List<Item> sortBy(List<?> items, String field) {
    if (!field.equals("price")) {
      throw new EvaluationException("sortBy: expected 'price', or a variable and an expression");
    }
    return items(items).stream()
        .sorted(Comparator.comparingDouble(item -> price(item, "input")))
        .toList();
  }

  /** Those whose price is known and below the given one. */
  static List<Item> underCost(List<?> items, String type, double most) {
    String field =
        switch (type) {
          case "text.input" -> "input";
          case "text.output" -> "output";
          case "text.input_cache_read" -> "input_cache_read";
          case "text.input_cache_write" -> "input_cache_write";
          default ->
              throw new EvaluationException(
                  "underCost: expected text.input, text.output, text.input_cache_read or"
                      + " text.input_cache_write");
        };
    return items(items).stream().filter(item -> price(item, field) < most).toList();
  }

  /** Those with a datacenter there. */
  static List<Item> inPlace(List<?> items, String field, String place) {
    return items(items).stream()
        .filter(item ->
            ((List<?>) item.select("datacenters"))
                .stream().anyMatch(there -> place.equalsIgnoreCase(text((Item) there, field))))
        .toList();
  }

  static Object get(List<?> items, String id) {
    List<Item> found = only(items, "id", List.of(id));
    return found.isEmpty() ? NullValue.NULL_VALUE : found.getFirst();
  }

  static Object model(List<?> items, String provider, String id) {
    return get(only(items, "provider_id", List.of(provider)), id);
  }

  static Object modelOf(Item provider, String id) {
    return get((List<?>) provider.select("models"), id);
  }

  /** The value under a key; dots lead into maps. Null when there is none. */
  static Object metadata(Item item, String key) {
    Object value = item.select("metadata");
    for (String part : key.split("\\.", -1)) {
      value = value instanceof Map<?, ?> map ? map.get(part) : null;
      if (value == null) {
        return NullValue.NULL_VALUE;
      }
    }
    return value;
  }

  private static boolean isAmong(Item item, String field, List<?> names) {
    String id = text(item, field);
    List<?> aliases =
        item.celType().equals(Types.KEY) ? List.of() : (List<?>) item.select(field + "_aliases");
    for (Object name : names) {
      if (name instanceof String text
          && (text.equalsIgnoreCase(id)
              || aliases.stream().anyMatch(alias -> text.equalsIgnoreCase((String) alias)))) {
        return true;
      }
    }
    return false;
  }

  private static double price(Item item, String field) {
    return (double) ((Item) item.select("pricing")).select(field);
  }

  private static String text(Item item, String field) {
    return (String) item.select(field);
  }

  private static List<Item> items(List<?> items) {
    List<Item> typed = new ArrayList<>(items.size());
    for (Object item : items) {
      if (!(item instanceof Item known)) {
        throw new EvaluationException("a list of models was expected");
      }
      typed.add(known);
    }
    return typed;
  }
}
