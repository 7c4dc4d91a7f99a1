package dev.keygate.policy.action;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Replaces every match of a pattern. In the replacement {@code $1} stands for what the first group
 * matched and {@code $$} for a dollar sign, but only where the policy says so: a dollar sign that a
 * request brings is a dollar sign.
 */
final class Substitution {
  private final Pattern pattern;
  private final List<Piece> replacement;

  /** A text, or the number of a group. */
  private record Piece(String text, int group) {}

  private Substitution(Pattern pattern, List<Piece> replacement) {
    this.pattern = pattern;
    this.replacement = replacement;
  }

  /**
   * The substitution for this exchange.
   *
   * @param computed what is done to each value that comes from an expression
   * @throws EvaluationException if a gateway key stands in one: what it is put into leaves the
   *     gateway
   */
  static Substitution of(
      Pattern pattern, Template to, Exchange exchange, UnaryOperator<String> computed) {
    List<Piece> pieces = new ArrayList<>();
    to.render(
        exchange,
        new Template.Parts() {
          @Override
          public void literal(String text) {
            parse(text, pattern.groupCount(), pieces);
          }

          @Override
          public void computed(String text) {
            pieces.add(new Piece(computed.apply(GatewayKeys.refuse(text)), -1));
          }
        });
    return new Substitution(pattern, List.copyOf(pieces));
  }

  /**
   * The text with every match replaced.
   *
   * @param matches is told what matched
   * @throws EvaluationException if it becomes longer than both it and bodies that rules read are
   */
  String apply(String text, Consumer<String> matches) {
    Matcher matcher = pattern.matcher(text);
    StringBuilder result = null;
    int from = 0;
    while (matcher.find()) {
      result = result == null ? new StringBuilder(text.length()) : result;
      result.append(text, from, matcher.start());
      for (Piece piece : replacement) {
        result.append(piece.group() < 0 ? piece.text() : group(matcher, piece.group()));
      }
      matches.accept(matcher.group());
      from = matcher.end();
      bound(result, text);
    }
    if (result == null) {
      return text;
    }
    bound(result.append(text, from, text.length()), text);
    return result.toString();
  }

  /** Each match may be replaced by a text that a client sent, and there may be many. */
  private static void bound(StringBuilder result, String text) {
    if (result.length() > Math.max(Codings.MAX_BYTES, text.length())) {
      throw new EvaluationException(
          "a text of more than " + Codings.MAX_BYTES + " characters, replaced");
    }
  }

  private static String group(Matcher matcher, int number) {
    String matched = matcher.group(number);
    return matched == null ? "" : matched;
  }

  private static void parse(String text, int groups, List<Piece> pieces) {
    StringBuilder literal = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      char character = text.charAt(at++);
      char next = at < text.length() ? text.charAt(at) : ' ';
      if (character == '$' && next == '$') {
        literal.append('$');
        at++;
      } else if (character == '$' && next >= '0' && next <= '9' && next - '0' <= groups) {
        pieces.add(new Piece(literal.toString(), -1));
        pieces.add(new Piece("", next - '0'));
        literal.setLength(0);
        at++;
      } else {
        literal.append(character);
      }
    }
    pieces.add(new Piece(literal.toString(), -1));
  }
}
