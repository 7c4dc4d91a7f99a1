package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Header fields that policies write: names checked when saved, values when they are known. */
public final class HeaderFields {
  /** RFC 9110 section 5.6.2. */
  private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}");

  /**
   * Fields that belong to one connection (RFC 9110 section 7.6.1) or say how long a message is: the
   * gateway writes them, a rule that did could make two messages of one.
   */
  private static final Set<String> FRAMING =
      Set.of(
          "connection",
          "content-length",
          "keep-alive",
          "proxy-connection",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private static final Map<String, String> FIXED =
      Map.of(
          "host", "providers are called by their own host",
          "user-agent", "providers are told which client asks");

  private HeaderFields() {}

  /** Reports names that are no header names or that rules may not touch. */
  static void check(Collection<String> names, String field, ActionContext context) {
    for (String name : names) {
      if (!TOKEN.matcher(name).matches()) {
        context.error(
            field, Quoted.of(name) + ": expected a header name of letters, digits and dashes");
      } else if (FRAMING.contains(name.toLowerCase(Locale.ROOT))) {
        context.error(field, name + ": the gateway sets this header itself; leave it out");
      }
    }
  }

  /** Reports names that say who is talking to whom; rules that changed them would break routing. */
  static void checkChangeable(Collection<String> names, String field, ActionContext context) {
    for (String name : names) {
      String reason = FIXED.get(name.toLowerCase(Locale.ROOT));
      if (reason != null) {
        context.error(
            field, name + ": rules cannot change this header, " + reason + "; leave it out");
      }
    }
  }

  /** Reports fixed values that cannot stand in a header. */
  public static void checkValues(
      Map<String, Template> fields, String field, ActionContext context) {
    check(fields.keySet(), field, context);
    fields.forEach((name, value) -> {
      String constant = value.constant();
      if (constant != null && !isValue(constant)) {
        context.error(field, name + ": a header value has one line and no control characters");
      }
    });
  }

  /** The fields with lower-case names, their values computed. */
  public static Map<String, String> render(Map<String, Template> fields, Exchange exchange) {
    Map<String, String> rendered = new LinkedHashMap<>();
    fields.forEach(
        (name, value) -> rendered.put(name.toLowerCase(Locale.ROOT), text(name, value, exchange)));
    return rendered;
  }

  static MultiMap multiMap(Map<String, String> fields) {
    return MultiMap.caseInsensitiveMultiMap().addAll(fields);
  }

  private static String text(String name, Template value, Exchange exchange) {
    String text = value.render(exchange);
    if (!isValue(text)) {
      throw new EvaluationException("header " + name + ": a line break or control character");
    }
    return text;
  }

  /** RFC 9110 section 5.5, with the obsolete octets allowed that senders of UTF-8 use. */
  static boolean isValue(String text) {
    return text.chars()
        .noneMatch(character -> (character < ' ' && character != '\t') || character == 127);
  }
}
