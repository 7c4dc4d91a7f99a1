package dev.keygate.policy.expression;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructType;
import dev.cel.parser.CelMacro;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;
import java.util.Map;

/**
 * What expressions of one kind read and call beside what all do. Its variables are given with each
 * evaluation.
 *
 * @param variables their types by name
 * @param macros among them {@code sortBy}, in place of the one that all expressions have
 * @param types the types of what is read, so that a misspelt field is found when it is saved
 */
public record Vocabulary(
    Map<String, CelType> variables,
    List<StructType> types,
    List<CelFunctionDecl> functions,
    List<CelFunctionBinding> bindings,
    List<CelMacro> macros) {
  static final Vocabulary NONE =
      new Vocabulary(Map.of(), List.of(), List.of(), List.of(), List.of());

  public Vocabulary {
    variables = Map.copyOf(variables);
    types = List.copyOf(types);
    functions = List.copyOf(functions);
    bindings = List.copyOf(bindings);
    macros = List.copyOf(macros);
  }
}
