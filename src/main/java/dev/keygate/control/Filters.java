package dev.keygate.control;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelFunctionOverload;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code filter} of lists: a CEL expression over {@code obj}, an object's own fields as they
 * are shown, its moments as timestamps, and {@code time.now}. What it costs is bounded by its
 * length and nesting, by its loops, and because nothing in it makes a long text of short ones:
 * {@code +} is left out. The environment is built at the first use.
 */
final class Filters {
  private static final int MAX_LENGTH = 1024;
  private static final int MAX_NESTING = 32;
  private static final int MAX_ITERATIONS = 1000;
  private static final Set<String> MOMENTS =
      Set.of("created_at", "updated_at", "last_used", "expires_at", "retired_at", "last_refused");

  /** What the evaluator puts before its messages: an offset that says little in one line. */
  private static final Pattern POSITION =
      Pattern.compile("^evaluation error(?: at <input>:[0-9]+)?: ");

  private static final Pattern SPAN = Pattern.compile("([0-9]{1,6})(s|m|h|d|w)");

  private @Nullable Environment environment;

  /** Whether an object belongs on the page. */
  @FunctionalInterface
  interface Filter {
    boolean accepts(ObjectNode object);
  }

  private record Environment(CelCompiler compiler, CelRuntime runtime) {}

  /**
   * Compiles a filter.
   *
   * @param now what {@code time.now} is
   */
  Filter compile(String expression, Instant now) {
    int length = expression.codePointCount(0, expression.length());
    if (length > MAX_LENGTH) {
      throw invalid(length + " characters, expected at most " + MAX_LENGTH);
    }
    try {
      Environment cel = environment();
      CelRuntime.Program program =
          cel.runtime().createProgram(cel.compiler().compile(expression).getAst());
      Map<String, Instant> time = Map.of("now", now);
      return object -> accepts(program, expression, object, time);
    } catch (CelValidationException e) {
      throw invalid(e.getErrors().isEmpty() ? "not CEL" : e.getErrors().getFirst().getMessage());
    } catch (CelEvaluationException e) {
      throw invalid("it cannot be evaluated");
    }
  }

  private static boolean accepts(
      CelRuntime.Program program, String expression, ObjectNode object, Map<String, Instant> time) {
    try {
      if (program.eval(Map.of("obj", fields(object), "time", time)) instanceof Boolean accepted) {
        return accepted;
      }
    } catch (CelEvaluationException e) {
      // What is compared with a moment that never was is not what is looked for.
      boolean isAboutNothing =
          object.properties().stream()
              .anyMatch(field ->
                  field.getValue().isNull() && expression.contains("obj." + field.getKey()));
      if (isAboutNothing) {
        return false;
      }
      throw invalid(String.valueOf(e.getMessage()));
    }
    throw invalid("neither true nor false");
  }

  private static Map<String, Object> fields(ObjectNode object) {
    Map<String, Object> fields = new LinkedHashMap<>();
    object
        .properties()
        .forEach(field -> {
          JsonNode value = field.getValue();
          boolean isMoment = value.isString() && MOMENTS.contains(field.getKey());
          fields.put(field.getKey(), isMoment ? Instant.parse(value.stringValue()) : value(value));
        });
    return fields;
  }

  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> fields((ObjectNode) node);
      case ARRAY -> {
        List<Object> items = new ArrayList<>();
        node.forEach(item -> items.add(value(item)));
        yield items;
      }
      case STRING -> node.stringValue();
      case NUMBER -> node.isIntegralNumber() ? (Object) node.longValue() : node.doubleValue();
      case BOOLEAN -> node.booleanValue();
      default -> NullValue.NULL_VALUE;
    };
  }

  private synchronized Environment environment() {
    Environment made = environment;
    if (made == null) {
      CelOptions options =
          CelOptions.current()
              .enableHeterogeneousNumericComparisons(true)
              .comprehensionMaxIterations(MAX_ITERATIONS)
              .maxExpressionCodePointSize(MAX_LENGTH)
              .maxParseRecursionDepth(MAX_NESTING)
              .build();
      made = new Environment(compiler(options), runtime(options));
      environment = made;
    }
    return made;
  }

  private static CelCompiler compiler(CelOptions options) {
    return CelCompilerFactory.standardCelCompilerBuilder()
        .setOptions(options)
        .setStandardEnvironmentEnabled(false)
        .setStandardDeclarations(
            CelStandardDeclarations.newBuilder()
                .excludeFunctions(CelStandardDeclarations.StandardFunction.ADD)
                .build())
        .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
        .addVar("obj", MapType.create(SimpleType.STRING, SimpleType.DYN))
        .addVar("time", MapType.create(SimpleType.STRING, SimpleType.TIMESTAMP))
        .addFunctionDeclarations(shift("subtract"), shift("add"))
        .setResultType(SimpleType.BOOL)
        .build();
  }

  private static CelRuntime runtime(CelOptions options) {
    return CelRuntimeFactory.plannerRuntimeBuilder()
        .setOptions(options)
        .setStandardFunctions(
            CelStandardFunctions.newBuilder()
                .excludeFunctions(CelStandardFunctions.StandardFunction.ADD)
                .build())
        .addFunctionBindings(
            binding("subtract", (moment, text) -> shifted(moment, span(text).negated())))
        .addFunctionBindings(binding("add", (moment, text) -> shifted(moment, span(text))))
        .build();
  }

  /** {@code timestamp(time.now).subtract("7d")}. */
  private static CelFunctionDecl shift(String name) {
    return CelFunctionDecl.newFunctionDeclaration(
        name,
        CelOverloadDecl.newMemberOverload(
            name + "_span", SimpleType.TIMESTAMP, SimpleType.TIMESTAMP, SimpleType.STRING));
  }

  private static Iterable<CelFunctionBinding> binding(
      String name, CelFunctionOverload.Binary<Instant, String> shift) {
    return CelFunctionBinding.fromOverloads(
        name, CelFunctionBinding.from(name + "_span", Instant.class, String.class, shift));
  }

  private static Instant shifted(Instant moment, Duration span) throws CelEvaluationException {
    try {
      return moment.plus(span);
    } catch (DateTimeException e) {
      throw new CelEvaluationException("a moment that no calendar has", e);
    }
  }

  private static Duration span(String text) throws CelEvaluationException {
    Matcher parts = SPAN.matcher(text);
    if (!parts.matches()) {
      throw new CelEvaluationException(
          "'" + text + "', expected a span such as 30m, 12h, 7d or 2w");
    }
    long count = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "s" -> Duration.ofSeconds(count);
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      case "d" -> Duration.ofDays(count);
      default -> Duration.ofDays(7 * count);
    };
  }

  private static ApiError invalid(String message) {
    String plain = POSITION.matcher(message).replaceFirst("").replaceFirst("[.\\s]+$", "");
    String shortened = plain.length() > 300 ? plain.substring(0, 300) + "…" : plain;
    return ApiError.inField(
        ErrorCode.INVALID_FILTER,
        "filter",
        shortened + "; expected a CEL expression over obj, such as obj.description == 'web'");
  }
}
