package dev.keygate.policy.action;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression of a policy: RE2, so that matching takes time in proportion to the text
 * whatever the expression. Compiled when the policy is saved, unless a request has a say in it.
 */
final class Regex {
  private static final int MAX_LENGTH = 4 * 1024;

  private final Template source;
  private final @Nullable Pattern fixed;

  private Regex(Template source, @Nullable Pattern fixed) {
    this.source = source;
    this.fixed = fixed;
  }

  /** Reads a regular expression and reports what is wrong with it at the field. */
  static Regex compile(Template source, String field, ActionContext context) {
    String constant = source.constant();
    if (constant == null) {
      return new Regex(source, null);
    }
    try {
      return new Regex(source, pattern(constant));
    } catch (PatternSyntaxException malformed) {
      context.error(
          field,
          Quoted.of(constant)
              + ": not a regular expression (RE2 syntax): "
              + malformed.getDescription());
      return new Regex(source, null);
    }
  }

  /** The pattern, when it is the same for every request. */
  @Nullable Pattern fixed() {
    return fixed;
  }

  /**
   * The pattern for this exchange.
   *
   * @throws EvaluationException if what the request made of it is no regular expression
   */
  Pattern pattern(Exchange exchange) {
    if (fixed != null) {
      return fixed;
    }
    try {
      return pattern(source.render(exchange));
    } catch (PatternSyntaxException malformed) {
      throw new EvaluationException("not a regular expression: " + malformed.getDescription());
    }
  }

  private static Pattern pattern(String source) {
    if (source.length() > MAX_LENGTH) {
      throw new PatternSyntaxException("longer than " + MAX_LENGTH + " characters");
    }
    return Pattern.compile(source);
  }
}
