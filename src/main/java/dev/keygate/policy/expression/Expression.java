package dev.keygate.policy.expression;

import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelVariableResolver;
import dev.cel.runtime.Program;
import dev.keygate.exchange.Exchange;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A compiled expression. Immutable, shared by all requests and event loops. */
public final class Expression {
  private final Program program;
  private final Variables variables;
  private final String path;
  private final boolean readsSecrets;

  Expression(Program program, Variables variables, String path, boolean readsSecrets) {
    this.program = program;
    this.variables = variables;
    this.path = path;
    this.readsSecrets = readsSecrets;
  }

  /** Whether a secret may be in its value. */
  boolean readsSecrets() {
    return readsSecrets;
  }

  /**
   * Its value for this exchange: a String, Long, Double, Boolean, List, Map, an Instant, a
   * Duration, bytes, or null.
   *
   * @throws EvaluationException if it has none
   */
  public @Nullable Object evaluate(Exchange exchange) {
    Object value = value(name -> variables.read(name, exchange));
    return value instanceof NullValue ? null : value;
  }

  /**
   * The same where there are more variables than an exchange has.
   *
   * @param more their values by name
   * @throws EvaluationException if it has none
   */
  public @Nullable Object evaluate(Exchange exchange, Map<String, ?> more) {
    Object value =
        value(name -> {
          Object given = more.get(name);
          return given == null ? variables.read(name, exchange) : Optional.of(given);
        });
    return value instanceof NullValue ? null : value;
  }

  /**
   * Whether it holds for this exchange.
   *
   * @throws EvaluationException if that cannot be told
   */
  public boolean test(Exchange exchange) {
    return test(exchange, Map.of());
  }

  /**
   * The same with values for variables of its own.
   *
   * @param own by name
   */
  boolean test(Exchange exchange, Map<String, Object> own) {
    Object value =
        value(name ->
            own.containsKey(name) ? Optional.of(own.get(name)) : variables.read(name, exchange));
    if (value instanceof Boolean holds) {
      return holds;
    }
    throw new EvaluationException(path + ": neither true nor false");
  }

  /** Where it stands in its document. */
  public String path() {
    return path;
  }

  /** CEL's messages quote the values they are about, so only the kind of an error is passed on. */
  private Object value(CelVariableResolver resolver) {
    try {
      return BoundedTexts.bounded(program.eval(resolver));
    } catch (CelEvaluationException failed) {
      throw new EvaluationException(path + ": " + reason(failed));
    } catch (EvaluationException known) {
      throw known;
    } catch (RuntimeException failed) {
      throw new EvaluationException(path + ": " + failed.getClass().getSimpleName());
    }
  }

  /** What a function of this package said, which holds no values, or else the kind of error. */
  private static String reason(CelEvaluationException failed) {
    for (Throwable cause = failed.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof EvaluationException known) {
        return known.detail();
      }
    }
    return failed.getErrorCode().toString();
  }

  /** Its value when it depends on nothing that a request brings, else null. */
  static @Nullable Object constant(Program program) {
    try {
      return program.eval(name -> {
        throw new EvaluationException(name);
      });
    } catch (CelEvaluationException | RuntimeException dependent) {
      return null;
    }
  }
}
