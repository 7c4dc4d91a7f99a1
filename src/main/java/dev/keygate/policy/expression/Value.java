package dev.keygate.policy.expression;

import dev.keygate.exchange.Exchange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a configuration whose texts may hold {@code ${…}}. A text that is exactly one
 * expression keeps that expression's type. Immutable.
 */
public sealed interface Value {

  /** Always the same: a Long, Double, Boolean or null. */
  record Constant(@Nullable Object value) implements Value {}

  /** A text or a single expression. */
  record Text(Template template) implements Value {}

  record ListOf(List<Value> items) implements Value {}

  record MapOf(Map<String, Value> entries) implements Value {}

  /**
   * The value for this exchange, in the types that {@link Expression#evaluate} gives.
   *
   * @throws EvaluationException if an expression in it has no value
   */
  default @Nullable Object evaluate(Exchange exchange) {
    return switch (this) {
      case Constant constant -> constant.value();
      case Text text -> text.template().value(exchange);
      case ListOf list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.items().forEach(item -> items.add(item.evaluate(exchange)));
        yield items;
      }
      case MapOf map -> {
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        map.entries().forEach((name, value) -> entries.put(name, value.evaluate(exchange)));
        yield entries;
      }
    };
  }

  /** Whether a secret may be in it. */
  default boolean readsSecrets() {
    return switch (this) {
      case Constant constant -> false;
      case Text text -> text.template().readsSecrets();
      case ListOf list -> list.items().stream().anyMatch(Value::readsSecrets);
      case MapOf map -> map.entries().values().stream().anyMatch(Value::readsSecrets);
    };
  }

  /**
   * The value as later expressions read it, with everything it took from the request copied.
   *
   * @throws EvaluationException if an expression in it has no value
   */
  default Object settle(Exchange exchange) {
    return Values.toCel(evaluate(exchange));
  }
}
