package dev.keygate.control;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The {@code filter} of lists: a CEL expression over {@code obj}, the object as it is shown. The
 * environment is built at the first use.
 */
final class Filters {
  private static final int MAX_LENGTH = 1024;
  private static final JsonMapper MAPPER = new JsonMapper();

  /** Lets everything through. */
  static final Filter ALL = object -> true;

  private @Nullable Environment environment;

  /** Whether an object belongs on the page. */
  @FunctionalInterface
  interface Filter {
    boolean accepts(ObjectNode object);
  }

  private record Environment(CelCompiler compiler, CelRuntime runtime) {}

  Filter compile(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw invalid(expression.length() + " characters, expected at most " + MAX_LENGTH);
    }
    try {
      Environment cel = environment();
      CelRuntime.Program program =
          cel.runtime().createProgram(cel.compiler().compile(expression).getAst());
      return object -> accepts(program, object);
    } catch (CelValidationException e) {
      throw invalid(String.valueOf(e.getMessage()));
    } catch (CelEvaluationException e) {
      throw invalid("it cannot be evaluated");
    }
  }

  private static boolean accepts(CelRuntime.Program program, ObjectNode object) {
    try {
      Map<?, ?> fields = MAPPER.convertValue(object, Map.class);
      return Boolean.TRUE.equals(program.eval(Map.of("obj", fields)));
    } catch (CelEvaluationException e) {
      throw invalid(String.valueOf(e.getMessage()));
    }
  }

  private synchronized Environment environment() {
    if (environment == null) {
      CelOptions options =
          CelOptions.current()
              .enableHeterogeneousNumericComparisons(true)
              .comprehensionMaxIterations(1000)
              .maxExpressionCodePointSize(MAX_LENGTH)
              .build();
      environment =
          new Environment(
              CelCompilerFactory.standardCelCompilerBuilder()
                  .setOptions(options)
                  .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                  .addLibraries(CelExtensions.strings())
                  .addVar("obj", MapType.create(SimpleType.STRING, SimpleType.DYN))
                  .setResultType(SimpleType.BOOL)
                  .build(),
              CelRuntimeFactory.plannerRuntimeBuilder()
                  .setOptions(options)
                  .addLibraries(CelExtensions.strings())
                  .build());
    }
    return environment;
  }

  private static ApiError invalid(String message) {
    return ApiError.of(
            400,
            "ERR_NGROK_230",
            "filter: "
                + message
                + ". Expected a CEL expression over obj, such as obj.description == 'web'")
        .with("field", "filter");
  }
}
