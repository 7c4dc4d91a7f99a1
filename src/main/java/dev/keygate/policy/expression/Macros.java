package dev.keygate.policy.expression;

import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelMacro;
import dev.cel.parser.CelMacroExprFactory;
import dev.cel.parser.CelStandardMacro;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Short forms that are written out before an expression is checked: {@code getReqHeader('x')} is
 * {@code req.headers['x']}, {@code hasReqHeader('x')} is {@code 'x' in req.headers}.
 */
final class Macros {
  private Macros() {}

  /** CEL's own macros, with Keygate's {@code has}, and the short forms. */
  static List<CelMacro> all() {
    List<CelMacro> macros = new ArrayList<>();
    for (CelStandardMacro standard : CelStandardMacro.STANDARD_MACROS) {
      if (standard != CelStandardMacro.HAS) {
        macros.add(standard.getDefinition());
      }
    }
    macros.add(
        CelMacro.newGlobalMacro("has", 1, (factory, target, args) -> has(factory, args.get(0))));
    pair(macros, "ReqHeader", "req.headers");
    pair(macros, "ResHeader", "res.headers");
    pair(macros, "QueryParam", "req.url.query_params");
    presence(macros, "hasReqCookie", "req.cookies");
    presence(macros, "hasResCookie", "res.cookies");
    first(macros, "getReqCookie", "req.cookies");
    first(macros, "getResCookie", "res.cookies");
    return macros;
  }

  /** {@code has(m.k)} as in CEL, and {@code has(m['k'])}, which CEL says as {@code 'k' in m}. */
  private static Optional<CelExpr> has(CelMacroExprFactory factory, CelExpr argument) {
    if (argument.exprKind().getKind() == CelExpr.ExprKind.Kind.SELECT) {
      CelExpr.CelSelect select = argument.select();
      return Optional.of(factory.newSelect(select.operand(), select.field(), true));
    }
    if (argument.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL
        && argument.call().function().equals("_[_]")) {
      List<CelExpr> operands = argument.call().args();
      if (isText(operands.get(1))) {
        return Optional.of(factory.newGlobalCall("@in", operands.get(1), operands.get(0)));
      }
    }
    return Optional.of(
        factory.reportError("has() takes a field: has(vars.name) or has(vars['name'])"));
  }

  private static boolean isText(CelExpr expression) {
    return expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }

  private static void pair(List<CelMacro> macros, String what, String path) {
    macros.add(
        CelMacro.newGlobalMacro(
            "get" + what,
            1,
            (factory, target, args) ->
                Optional.of(factory.newGlobalCall("_[_]", variable(factory, path), args.get(0)))));
    presence(macros, "has" + what, path);
  }

  private static void presence(List<CelMacro> macros, String name, String path) {
    macros.add(
        CelMacro.newGlobalMacro(
            name,
            1,
            (factory, target, args) ->
                Optional.of(factory.newGlobalCall("@in", args.get(0), variable(factory, path)))));
  }

  private static void first(List<CelMacro> macros, String name, String path) {
    macros.add(
        CelMacro.newGlobalMacro(
            name,
            1,
            (factory, target, args) ->
                Optional.of(
                    factory.newGlobalCall(
                        "_[_]",
                        factory.newGlobalCall("_[_]", variable(factory, path), args.get(0)),
                        factory.newIntLiteral(0)))));
  }

  private static CelExpr variable(CelMacroExprFactory factory, String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0
        ? factory.newIdentifier(path)
        : factory.newSelect(
            variable(factory, path.substring(0, dot)), path.substring(dot + 1), false);
  }
}
