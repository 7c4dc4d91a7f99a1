package dev.keygate.policy.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import java.util.ArrayList;
import java.util.List;

/** The calls in an expression that need a look when the policy is saved. */
record Calls(List<SecretName> secrets, List<String> patterns, boolean readsSecrets, boolean vary) {

  /** A secret that an expression names. */
  record SecretName(String vault, String secret) {}

  static Calls in(CelAbstractSyntaxTree tree) {
    List<SecretName> secrets = new ArrayList<>();
    List<String> patterns = new ArrayList<>();
    List<CelExpr> reading = new ArrayList<>();
    List<CelExpr> varying = new ArrayList<>();
    CelNavigableAst.fromAst(tree)
        .getRoot()
        .allNodes()
        .map(node -> node.expr())
        .filter(expression -> expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CALL)
        .forEach(call -> {
          String overload = overload(tree, call);
          if (overload.equals("secrets_get")) {
            addName(secrets, call.call().args());
            reading.add(call);
            varying.add(call);
          } else if (overload.startsWith("rand_")) {
            varying.add(call);
          } else if (overload.equals("matches") || overload.equals("matches_string")) {
            addPattern(patterns, call.call().args().getLast());
          }
        });
    return new Calls(secrets, patterns, !reading.isEmpty(), !varying.isEmpty());
  }

  private static String overload(CelAbstractSyntaxTree tree, CelExpr call) {
    return tree.getReference(call.id())
        .filter(reference -> reference.overloadIds().size() == 1)
        .map(reference -> reference.overloadIds().getFirst())
        .orElse("");
  }

  private static void addName(List<SecretName> secrets, List<CelExpr> arguments) {
    if (isText(arguments.get(0)) && isText(arguments.get(1))) {
      secrets.add(
          new SecretName(
              arguments.get(0).constant().stringValue(),
              arguments.get(1).constant().stringValue()));
    }
  }

  private static void addPattern(List<String> patterns, CelExpr argument) {
    if (isText(argument)) {
      patterns.add(argument.constant().stringValue());
    }
  }

  private static boolean isText(CelExpr expression) {
    return expression.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && expression.constant().getKind() == CelConstant.Kind.STRING_VALUE;
  }
}
