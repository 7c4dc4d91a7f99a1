package dev.keygate.policy.expression;

import dev.keygate.exchange.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A text of a configuration, with {@code ${…}} compiled. Immutable. */
public final class Template {
  /** Longest text that a template may become, in characters. */
  private static final int MAX_LENGTH = 8 * 1024 * 1024;

  /** Either a literal text or an expression. */
  record Part(String literal, @Nullable Expression expression) {
    String literalOrNothing() {
      return expression == null ? literal : "";
    }
  }

  private final List<Part> parts;
  private final @Nullable String constant;

  Template(List<Part> parts) {
    this.parts = List.copyOf(parts);
    this.constant = constantOf(this.parts);
  }

  /** A template that is always this text. */
  public static Template of(String text) {
    return new Template(List.of(new Part(text, null)));
  }

  private static @Nullable String constantOf(List<Part> parts) {
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      if (part.expression() != null) {
        return null;
      }
      text.append(part.literal());
    }
    return text.toString();
  }

  /** The text when it is the same for every request, else null. */
  public @Nullable String constant() {
    return constant;
  }

  /** What every text made of it begins with; empty when an expression comes first. */
  public String beginning() {
    return parts.isEmpty() ? "" : parts.getFirst().literalOrNothing();
  }

  /** Whether a secret may be in the text. */
  boolean readsSecrets() {
    return parts.stream()
        .map(Part::expression)
        .anyMatch(expression -> expression != null && expression.readsSecrets());
  }

  /**
   * The text for this exchange.
   *
   * @throws EvaluationException if an expression in it has no value, or the text is too long
   */
  public String render(Exchange exchange) {
    if (constant != null) {
      return constant;
    }
    StringBuilder text = new StringBuilder();
    for (Part part : parts) {
      Expression expression = part.expression();
      text.append(expression == null ? part.literal() : Values.text(expression.evaluate(exchange)));
      if (text.length() > MAX_LENGTH) {
        throw new EvaluationException("a text longer than " + MAX_LENGTH + " characters");
      }
    }
    return text.toString();
  }

  /** Takes a template's parts one by one. */
  public interface Parts {
    /** A stretch that stands in the document. */
    void literal(String text);

    /** What an expression gave. */
    void computed(String text);
  }

  /**
   * Hands over the text for this exchange in parts, for those to whom a character that was written
   * means more than one that a request brought.
   *
   * @throws EvaluationException if an expression in it has no value
   */
  public void render(Exchange exchange, Parts to) {
    for (Part part : parts) {
      Expression expression = part.expression();
      if (expression == null) {
        to.literal(part.literal());
      } else {
        to.computed(Values.text(expression.evaluate(exchange)));
      }
    }
  }

  /** The value for this exchange: of a single expression with its type, otherwise the text. */
  @Nullable Object value(Exchange exchange) {
    Expression single = parts.size() == 1 ? parts.getFirst().expression() : null;
    return single == null ? render(exchange) : single.evaluate(exchange);
  }
}
