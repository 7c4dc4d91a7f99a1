package dev.keygate.policy.expression;

import dev.cel.common.CelIssue;
import dev.keygate.policy.document.Nearest;
import dev.keygate.policy.document.Phase;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns what the CEL compiler says into what a policy's author can act on. */
final class Explanation {
  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'.*");
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z_][A-Za-z_0-9]*(\\.[A-Za-z_][A-Za-z_0-9]*)*");

  private static final Pattern NO_OVERLOAD =
      Pattern.compile(
          "found no matching overload for '([^']+)' applied to '(.*?)'( \\(candidates.*)?",
          Pattern.DOTALL);

  /** Functions whose names are often half remembered. */
  private static final List<String> FUNCTIONS =
      List.of(
          "startsWith",
          "endsWith",
          "contains",
          "matches",
          "size",
          "exists",
          "all",
          "filter",
          "map",
          "replace",
          "split",
          "join",
          "substring",
          "trim",
          "lowerAscii",
          "upperAscii",
          "indexOf",
          "sort",
          "sortBy",
          "distinct",
          "flatten",
          "slice",
          "timestamp",
          "duration",
          "string",
          "int",
          "getReqHeader",
          "hasReqHeader",
          "getResHeader",
          "hasResHeader",
          "getQueryParam",
          "hasQueryParam",
          "getReqCookie",
          "hasReqCookie",
          "inCidrRange",
          "inCidrRanges",
          "isPrivateIp",
          "encodeBase64",
          "decodeBase64",
          "encodeJson",
          "decodeJson");

  /** Variables of other gateways that Keygate has no source for. */
  private static final Map<String, String> WITHOUT_SOURCE =
      Map.ofEntries(
          Map.entry("conn.geo", "Keygate has no data about where addresses are"),
          Map.entry("conn.client_ip.geo", "Keygate has no data about where addresses are"),
          Map.entry("conn.client_ip.categories", "Keygate has no data about whose addresses are"),
          Map.entry("conn.client_ip.as", "Keygate has no data about whose addresses are"),
          Map.entry("conn.client_ip.is_on_blocklist", "Keygate has no address block lists"),
          Map.entry("conn.k8s", "Keygate does not know of pods"),
          Map.entry("conn.server_region", "Keygate has no regions"),
          Map.entry("conn.tls.client", "Keygate asks for no client certificates"),
          Map.entry("conn.tls.server", "Keygate's own certificate is not readable here"),
          Map.entry("conn.tls", "only conn.tls.version and conn.tls.sni are known"),
          Map.entry("req.user_agent", "compare req.user_agent, a text, instead"),
          Map.entry("req.trailers", "trailers are not read"),
          Map.entry("res.trailers", "trailers are not read"),
          Map.entry("key.last_used", "the time of a key's last use is shown by the control API"),
          Map.entry("env", "environment variables are not readable; use secrets.get(vault, name)"));

  private final Variables variables;
  private final Phase phase;

  Explanation(Variables variables, Phase phase) {
    this.variables = variables;
    this.phase = phase;
  }

  String of(CelIssue issue, String source) {
    String message = issue.getMessage();
    int line = issue.getSourceLocation().getLine();
    String name = nameAt(source, line, issue.getSourceLocation().getColumn());
    Matcher undeclared = UNDECLARED.matcher(message);
    if (undeclared.matches()) {
      String unknown = undeclared.group(1);
      return isFunction(source, unknown)
          ? ofFunction(unknown)
          : ofVariable(name != null && name.startsWith(unknown) ? name : unknown);
    }
    String unavailable = name == null ? null : withoutSource(name);
    return unavailable == null ? plainer(message) : unavailable;
  }

  /** CEL's own message, without what only its makers need to know. */
  private static String plainer(String message) {
    Matcher operands = NO_OVERLOAD.matcher(message);
    if (operands.matches()) {
      String function = operands.group(1).replaceAll("^@|_(?=\\W)|(?<=\\W)_", "");
      return "'" + function + "' does not take " + operands.group(2);
    }
    return message.startsWith("token recognition error at: '= ")
        ? "'=' compares nothing; expected '=='"
        : message;
  }

  private static String ofFunction(String name) {
    String nearest = Nearest.of(name, FUNCTIONS);
    String hint = nearest == null ? "" : "; did you mean '" + nearest + "'?";
    return "unknown function '" + name + "'" + hint;
  }

  private String ofVariable(String name) {
    Variables.Scope scope = scopeElsewhere(name);
    if (scope != null) {
      String where =
          scope == Variables.Scope.REQUEST ? "on_http_request and later" : "on_http_response";
      return "'" + name + "' is not known in " + phase.key() + ", only in " + where;
    }
    String unavailable = withoutSource(name);
    if (unavailable != null) {
      return unavailable;
    }
    Set<String> known = new TreeSet<>();
    variables
        .byName()
        .forEach((variable, described) -> {
          if (described.scope().isIn(phase)) {
            known.add(variable);
          }
        });
    String nearest = Nearest.of(name, known);
    if (nearest != null) {
      return "unknown variable '" + name + "'; did you mean '" + nearest + "'?";
    }
    return "unknown variable '"
        + name
        + "'; known are req, res, conn, endpoint, key, vars, actions.ngrok and time.now";
  }

  /** When the variable that the name begins with has a value, if that is not in this phase. */
  private Variables.@Nullable Scope scopeElsewhere(String name) {
    for (String prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('.'))) {
      Variables.Variable variable = variables.byName().get(prefix);
      if (variable != null && !variable.scope().isIn(phase)) {
        return variable.scope();
      }
      if (prefix.indexOf('.') < 0) {
        return null;
      }
    }
  }

  private static @Nullable String withoutSource(String name) {
    for (String prefix = name; ; prefix = prefix.substring(0, prefix.lastIndexOf('.'))) {
      String reason = WITHOUT_SOURCE.get(prefix);
      if (reason != null && !name.equals("req.user_agent")) {
        return "'" + name + "' is not available: " + reason;
      }
      if (prefix.indexOf('.') < 0) {
        return null;
      }
    }
  }

  /**
   * The dotted name around a place of the source, or null. CEL points at a select's dot, so the
   * name that is meant may begin before it.
   */
  private static @Nullable String nameAt(String source, int line, int column) {
    String[] lines = source.split("\n", -1);
    if (line < 1 || line > lines.length) {
      return null;
    }
    Matcher names = NAME.matcher(lines[line - 1]);
    while (names.find()) {
      if (names.start() <= column && column < names.end()) {
        return names.group();
      }
    }
    return null;
  }

  private static boolean isFunction(String source, String name) {
    return Pattern.compile("(?<![A-Za-z0-9_])" + Pattern.quote(name) + "\\s*\\(")
        .matcher(source)
        .find();
  }
}
