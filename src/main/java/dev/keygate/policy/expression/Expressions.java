package dev.keygate.policy.expression;

import dev.cel.common.CelOptions;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.extensions.CelListsExtensions;
import dev.cel.extensions.CelStringExtensions;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import dev.cel.runtime.CelStandardFunctions.StandardFunction;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CEL environment of one process: what there is to read and to call. Building it takes a good
 * part of a second on a cold JVM, so each part is built when the first expression needs it: a
 * policy without expressions needs none. Safe for use by several threads.
 */
public final class Expressions {
  /** Longest expression, in code points. */
  static final int MAX_LENGTH = 8 * 1024;

  /**
   * How many steps all loops of one evaluation may take together. With the length of expressions
   * and of what they read bounded too, this bounds what an evaluation costs.
   */
  private static final int MAX_ITERATIONS = 10_000;

  private static final int MAX_NESTING = 64;

  private final SecretSource secrets;
  private final InstantSource clock;
  private final Vocabulary more;
  private final Map<Phase, CelCompiler> compilers = new EnumMap<>(Phase.class);
  private final Map<Phase, CelCompiler> retryCompilers = new EnumMap<>(Phase.class);
  private @Nullable Parts parts;

  /** What all phases share. */
  private record Parts(
      CelOptions options, Variables variables, Functions functions, CelRuntime runtime) {}

  public Expressions(SecretSource secrets, InstantSource clock) {
    this(secrets, clock, Vocabulary.NONE);
  }

  /**
   * @param more what expressions here read and call beside what all do
   */
  public Expressions(SecretSource secrets, InstantSource clock, Vocabulary more) {
    this.secrets = secrets;
    this.clock = clock;
    this.more = more;
  }

  /** Compiles what a phase's rules say, reporting to {@code problems}. */
  public ExpressionCompiler compiler(Phase phase, Problems problems) {
    return new ExpressionCompiler(this, phase, problems);
  }

  SecretSource secrets() {
    return secrets;
  }

  Variables variables() {
    return parts().variables();
  }

  CelRuntime runtime() {
    return parts().runtime();
  }

  /** The compiler that knows the variables of a phase. */
  synchronized CelCompiler compiler(Phase phase) {
    return compilers.computeIfAbsent(phase, this::buildCompiler);
  }

  /** The compiler that knows what a {@link RetryCondition} of a phase may read. */
  synchronized CelCompiler retryCompiler(Phase phase) {
    return retryCompilers.computeIfAbsent(
        phase,
        one ->
            compiler(one)
                .toCompilerBuilder()
                .addVar(RetryCondition.ATTEMPTS, SimpleType.INT)
                .addVar(RetryCondition.LAST_ATTEMPT, SimpleType.DYN)
                .build());
  }

  private synchronized Parts parts() {
    if (parts == null) {
      CelOptions options =
          CelOptions.current()
              .enableHeterogeneousNumericComparisons(true)
              .comprehensionMaxIterations(MAX_ITERATIONS)
              .maxExpressionCodePointSize(MAX_LENGTH)
              .maxParseRecursionDepth(MAX_NESTING)
              .build();
      Functions functions = new Functions(secrets);
      parts = new Parts(options, new Variables(clock), functions, runtime(options, functions));
    }
    return parts;
  }

  private CelRuntime runtime(CelOptions options, Functions functions) {
    CelStandardFunctions standard =
        CelStandardFunctions.newBuilder()
            .excludeFunctions(StandardFunction.INDEX, StandardFunction.IN, StandardFunction.MATCHES)
            .build();
    return CelRuntimeFactory.plannerRuntimeBuilder()
        .setOptions(options)
        .setStandardFunctions(standard)
        .addLibraries(
            CelExtensions.strings(
                EnumSet.complementOf(
                    EnumSet.of(
                        CelStringExtensions.Function.REPLACE, CelStringExtensions.Function.JOIN))),
            CelExtensions.lists(),
            CelExtensions.encoders(options),
            CelExtensions.math(),
            CelExtensions.sets(options))
        .addFunctionBindings(Lookups.index())
        .addFunctionBindings(Lookups.in())
        .addFunctionBindings(BoundedTexts.bindings())
        .addFunctionBindings(functions.bindings())
        .addFunctionBindings(more.bindings())
        .build();
  }

  private CelCompiler buildCompiler(Phase phase) {
    Parts shared = parts();
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(shared.options())
            .setStandardMacros(List.of())
            .addMacros(Macros.all())
            .addMacros(more.macros())
            .addLibraries(
                CelExtensions.strings(),
                more.macros().isEmpty()
                    ? CelExtensions.lists()
                    : CelExtensions.lists(
                        EnumSet.complementOf(EnumSet.of(CelListsExtensions.Function.SORT_BY))),
                CelExtensions.encoders(shared.options()),
                CelExtensions.math(),
                CelExtensions.sets(shared.options()))
            .addFunctionDeclarations(shared.functions().declarations())
            .addFunctionDeclarations(more.functions());
    if (!more.types().isEmpty()) {
      builder.setTypeProvider(new DeclaredTypes(more.types()));
    }
    more.variables().forEach(builder::addVar);
    shared
        .variables()
        .byName()
        .forEach((name, variable) -> {
          if (variable.scope().isIn(phase)) {
            builder.addVar(name, variable.type());
          }
        });
    return builder.build();
  }
}
