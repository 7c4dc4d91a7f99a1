package dev.keygate.policy.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.Program;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Position;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.document.Quoted;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compiles what the configuration of one phase says: conditions, expressions, texts with {@code
 * ${…}}. Each method gives null when there was a problem, which has then been reported at its
 * place.
 */
public final class ExpressionCompiler {
  private final Expressions expressions;
  private final Phase phase;
  private final Problems problems;

  ExpressionCompiler(Expressions expressions, Phase phase, Problems problems) {
    this.expressions = expressions;
    this.phase = phase;
    this.problems = problems;
  }

  /** An expression that must be true or false. Warns when it is the same for every request. */
  public @Nullable Expression condition(Node.Scalar scalar) {
    Compiled compiled = truth(scalar, expressions.compiler(phase));
    if (compiled == null) {
      return null;
    }
    if (Expression.constant(compiled.program()) instanceof Boolean always && !compiled.varies()) {
      problems.warning(
          scalar,
          always
              ? "the expression is true for every request; leave it out"
              : "the expression is false for every request: the rule never runs");
    }
    return compiled.expression();
  }

  /** An expression that must be true or false, and may read of attempts. */
  public @Nullable RetryCondition retryCondition(Node.Scalar scalar) {
    Compiled compiled = truth(scalar, expressions.retryCompiler(phase));
    return compiled == null ? null : new RetryCondition(compiled.expression());
  }

  private @Nullable Compiled truth(Node.Scalar scalar, CelCompiler compiler) {
    String text = scalar.text();
    Compiled compiled = compile(scalar, unwrapped(text), unwrappedOffset(text), compiler);
    if (compiled == null || isBoolean(compiled.type())) {
      return compiled;
    }
    String type = TypeNames.of(compiled.type());
    problems.error(scalar, "the expression gives " + type + "; expected true or false");
    return null;
  }

  /** An expression of any type. */
  public @Nullable Expression expression(Node.Scalar scalar) {
    Compiled compiled = compile(scalar, scalar.text(), 0);
    return compiled == null ? null : compiled.expression();
  }

  /**
   * An expression whose value must be of one of these types, as far as that is known.
   *
   * @param expected what it must give, in words
   */
  public @Nullable Expression expression(
      Node.Scalar scalar, Collection<CelType> types, String expected) {
    Compiled compiled = compile(scalar, unwrapped(scalar.text()), unwrappedOffset(scalar.text()));
    if (compiled == null) {
      return null;
    }
    if (!compiled.type().equals(SimpleType.DYN) && !types.contains(compiled.type())) {
      problems.error(
          scalar,
          "the expression gives " + TypeNames.of(compiled.type()) + "; expected " + expected);
      return null;
    }
    return compiled.expression();
  }

  /** A text that may hold {@code ${…}}. */
  public @Nullable Template template(Node.Scalar scalar) {
    String text = scalar.text();
    if (!Interpolation.isIn(text)) {
      return Template.of(text);
    }
    int before = problems.errors();
    List<Template.Part> parts = new ArrayList<>();
    for (Interpolation.Part part : split(scalar)) {
      Compiled compiled = part.isExpression() ? compile(scalar, part.text(), part.offset()) : null;
      Expression expression = compiled == null ? null : compiled.expression();
      parts.add(new Template.Part(part.text(), expression));
    }
    return problems.errors() > before ? null : new Template(parts);
  }

  private List<Interpolation.Part> split(Node.Scalar scalar) {
    try {
      return Interpolation.split(scalar.text());
    } catch (Interpolation.UnclosedException unclosed) {
      problems.error(scalar.path(), place(scalar, unclosed.offset()), "'${' without its '}'");
      return unclosed.before();
    }
  }

  /** Any value whose texts may hold {@code ${…}}. */
  public @Nullable Value value(Node node) {
    int before = problems.errors();
    Value value = valueOrPart(node);
    return problems.errors() > before ? null : value;
  }

  private Value valueOrPart(Node node) {
    return switch (node) {
      case Node.Scalar scalar when scalar.value() instanceof String -> {
        Template template = template(scalar);
        yield template == null ? new Value.Constant(null) : new Value.Text(template);
      }
      case Node.Scalar scalar -> new Value.Constant(scalar.value());
      case Node.Sequence sequence ->
          new Value.ListOf(sequence.items().stream().map(this::valueOrPart).toList());
      case Node.Mapping mapping -> {
        Map<String, Value> entries = new LinkedHashMap<>();
        mapping.entries().forEach((name, entry) -> entries.put(name, valueOrPart(entry.value())));
        yield new Value.MapOf(entries);
      }
    };
  }

  /** What came of one expression. */
  private record Compiled(Expression expression, Program program, CelType type, boolean varies) {}

  private @Nullable Compiled compile(Node.Scalar scalar, String source, int offset) {
    return compile(scalar, source, offset, expressions.compiler(phase));
  }

  private @Nullable Compiled compile(
      Node.Scalar scalar, String source, int offset, CelCompiler compiler) {
    if (source.codePointCount(0, source.length()) > Expressions.MAX_LENGTH) {
      problems.error(scalar, "an expression longer than " + Expressions.MAX_LENGTH + " characters");
      return null;
    }
    if (source.isBlank()) {
      problems.error(scalar, "an empty expression; expected CEL such as req.method == 'POST'");
      return null;
    }
    try {
      CelValidationResult result = compiler.compile(source);
      if (result.hasError()) {
        report(scalar, source, offset, result.getErrors());
        return null;
      }
      return planned(scalar, offset, result.getAst());
    } catch (CelValidationException | CelEvaluationException refused) {
      problems.error(scalar, "the expression does not compile: " + refused.getMessage());
    } catch (RuntimeException unexpected) {
      problems.error(scalar, "the expression does not compile: " + unexpected.getMessage());
    }
    return null;
  }

  private @Nullable Compiled planned(Node.Scalar scalar, int offset, CelAbstractSyntaxTree tree)
      throws CelEvaluationException {
    Calls calls = Calls.in(tree);
    for (Calls.SecretName name : calls.secrets()) {
      if (!expressions.secrets().mayName(name.vault(), name.secret())) {
        problems.error(
            scalar.path(),
            place(scalar, offset),
            "no secret '" + name.secret() + "' in a vault '" + name.vault() + "'; create it first");
        return null;
      }
    }
    for (String pattern : calls.patterns()) {
      String mistake = BoundedTexts.mistakeIn(pattern);
      if (mistake != null) {
        problems.error(
            scalar.path(),
            place(scalar, offset),
            Quoted.of(pattern) + ": not a regular expression (RE2 syntax): " + mistake);
        return null;
      }
    }
    Program program = expressions.runtime().createProgram(tree);
    Expression expression =
        new Expression(program, expressions.variables(), scalar.path(), calls.readsSecrets());
    return new Compiled(expression, program, tree.getResultType(), calls.vary());
  }

  private void report(Node.Scalar scalar, String source, int offset, List<CelIssue> issues) {
    for (CelIssue issue : issues) {
      int line = issue.getSourceLocation().getLine();
      int column = Math.max(0, issue.getSourceLocation().getColumn());
      String message = new Explanation(expressions.variables(), phase).of(issue, source);
      if (scalar.verbatim() && line == 1) {
        problems.error(scalar.path(), place(scalar, offset).right(column), message);
      } else {
        String where = " (line " + line + ", column " + (column + 1) + " of the expression)";
        problems.error(scalar, message + where);
      }
    }
  }

  /** Where the character at an offset of the scalar's text stands in the document. */
  private static Position place(Node.Scalar scalar, int offset) {
    return scalar.verbatim()
        ? scalar.contentStart().right(scalar.text().codePointCount(0, offset))
        : scalar.position();
  }

  private static boolean isBoolean(CelType type) {
    return type.equals(SimpleType.BOOL) || type.equals(SimpleType.DYN);
  }

  /** A condition may be written as {@code ${…}} too: it means the same. */
  private static String unwrapped(String text) {
    int offset = unwrappedOffset(text);
    return offset == 0 ? text : text.substring(offset, text.lastIndexOf('}'));
  }

  private static int unwrappedOffset(String text) {
    return text.startsWith("${") && text.stripTrailing().endsWith("}") ? 2 : 0;
  }
}
