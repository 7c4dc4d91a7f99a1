package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** The engine against an interpreter so plain that it can be seen to be right. */
class ReferenceTest {

  /** A condition, as text and as what it means. */
  sealed interface Condition {
    record HeaderIs(String name, String value) implements Condition {}

    record HasHeader(String name) implements Condition {}

    record MethodIs(String method) implements Condition {}

    record PathStarts(String prefix) implements Condition {}

    /** An error for every request without a second value. */
    record Fails() implements Condition {}

    record Not(Condition of) implements Condition {}

    record Both(Condition one, Condition other) implements Condition {}

    record Either(Condition one, Condition other) implements Condition {}
  }

  /** A rule with one action. */
  record RuleOf(List<Condition> conditions, String action) {}

  /** A request. */
  record Asked(String method, String path, List<String> headers) {
    Exchange exchange() {
      return Exchanges.request(method, path, "", headers.toArray(String[]::new));
    }

    String header(String name) {
      for (int at = 0; at < headers.size(); at += 2) {
        if (headers.get(at).equals(name)) {
          return headers.get(at + 1);
        }
      }
      return "";
    }
  }

  @Property(tries = 300)
  void aRequestEndsAsTheReferenceSays(
      @ForAll("policies") List<RuleOf> rules, @ForAll("requests") Asked asked) {
    TrafficPolicy policy =
        Objects.requireNonNull(Policies.compile(text(rules), OpenRelay.ALLOW).policy());
    assertThat(ending(policy.onHttpRequest(asked.exchange()))).isEqualTo(expected(rules, asked));
  }

  private static String ending(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Respond respond -> Integer.toString(respond.response().status());
      case Outcome.Refuse refuse -> "refused";
      case Outcome.Close closed -> "closed";
      default -> "unanswered";
    };
  }

  private static String expected(List<RuleOf> rules, Asked asked) {
    for (RuleOf rule : rules) {
      boolean all = true;
      for (Condition condition : rule.conditions()) {
        Boolean holds = holds(condition, asked);
        if (holds == null) {
          return "refused";
        }
        if (!holds) {
          all = false;
          break;
        }
      }
      if (all && !rule.action().equals("log")) {
        return switch (rule.action()) {
          case "deny" -> "403";
          case "close-connection" -> "closed";
          default -> "200";
        };
      }
    }
    return "unanswered";
  }

  /** True, false, or null for an error; CEL's logic, in which an error can be outvoted. */
  private static @Nullable Boolean holds(Condition condition, Asked asked) {
    return switch (condition) {
      case Condition.HeaderIs is -> asked.header(is.name()).equals(is.value());
      case Condition.HasHeader has -> asked.headers().contains(has.name());
      case Condition.MethodIs is -> asked.method().equals(is.method());
      case Condition.PathStarts starts -> asked.path().startsWith(starts.prefix());
      case Condition.Fails fails -> null;
      case Condition.Not not -> {
        Boolean holds = holds(not.of(), asked);
        yield holds == null ? null : !holds;
      }
      case Condition.Both both -> and(holds(both.one(), asked), holds(both.other(), asked));
      case Condition.Either either -> {
        Boolean one = holds(either.one(), asked);
        Boolean other = holds(either.other(), asked);
        Boolean neither = and(one == null ? null : !one, other == null ? null : !other);
        yield neither == null ? null : !neither;
      }
    };
  }

  private static @Nullable Boolean and(@Nullable Boolean one, @Nullable Boolean other) {
    if (Boolean.FALSE.equals(one) || Boolean.FALSE.equals(other)) {
      return false;
    }
    boolean unknown = one == null || other == null;
    return unknown ? null : true;
  }

  private static String text(List<RuleOf> rules) {
    StringBuilder text = new StringBuilder("on_http_request:\n");
    for (RuleOf rule : rules) {
      text.append("- actions: [{type: ").append(rule.action());
      text.append(rule.action().equals("log") ? ", config: {metadata: {a: b}}}]\n" : "}]\n");
      text.append("  expressions:\n");
      List<String> expressions = new ArrayList<>();
      rule.conditions().forEach(condition -> expressions.add(cel(condition)));
      expressions.forEach(line -> text.append("  - >-\n    ").append(line).append('\n'));
    }
    return text.toString();
  }

  private static String cel(Condition condition) {
    return switch (condition) {
      case Condition.HeaderIs is ->
          "req.headers['%s'][0] == '%s'".formatted(is.name().toUpperCase(Locale.ROOT), is.value());
      case Condition.HasHeader has -> "hasReqHeader('" + has.name() + "')";
      case Condition.MethodIs is -> "req.method == '" + is.method() + "'";
      case Condition.PathStarts starts -> "req.url.path.startsWith('" + starts.prefix() + "')";
      case Condition.Fails fails -> "vars.unset == 1";
      case Condition.Not not -> "!(" + cel(not.of()) + ")";
      case Condition.Both both -> "(" + cel(both.one()) + " && " + cel(both.other()) + ")";
      case Condition.Either either -> "(" + cel(either.one()) + " || " + cel(either.other()) + ")";
    };
  }

  @Provide
  Arbitrary<List<RuleOf>> policies() {
    Arbitrary<String> actions =
        Arbitraries.of("deny", "custom-response", "close-connection", "log", "ai-gateway");
    return Combinators.combine(conditions().list().ofMinSize(1).ofMaxSize(3), actions)
        .as(RuleOf::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(6);
  }

  private static Arbitrary<Condition> conditions() {
    Arbitrary<Condition> simple =
        Arbitraries.of(
            new Condition.HeaderIs("x-a", "1"),
            new Condition.HeaderIs("x-b", ""),
            new Condition.HasHeader("x-a"),
            new Condition.MethodIs("GET"),
            new Condition.PathStarts("/v1"),
            new Condition.Fails());
    return Arbitraries.lazyOf(
        () -> simple,
        () -> simple,
        () -> simple.map(Condition.Not::new),
        () -> Combinators.combine(simple, simple).as(Condition.Both::new),
        () -> Combinators.combine(conditions(), simple).as(Condition.Either::new));
  }

  @Provide
  Arbitrary<Asked> requests() {
    return Combinators.combine(
            Arbitraries.of("GET", "POST"),
            Arbitraries.of("/v1/x", "/other"),
            Arbitraries.<List<String>>of(
                List.of(),
                List.of("x-a", "1"),
                List.of("x-a", "2", "x-b", "1"),
                List.of("x-b", "")))
        .as(Asked::new);
  }
}
