package dev.keygate.policy.trial;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.trial.TrialFile.Ending;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One example request on its way through a policy. */
final class Trial {
  private final TrafficPolicy policy;
  private final @Nullable StandIn<?> provider;

  Trial(TrafficPolicy policy, @Nullable StandIn<?> provider) {
    this.policy = policy;
    this.provider = provider;
  }

  /** What came of a request. */
  private record Result(Ending ending, int status, @Nullable Response response, String because) {
    static Result of(Ending ending, int status, String because) {
      return new Result(ending, status, null, because);
    }

    String body() {
      return response != null && response.body() instanceof ResponseBody.Whole whole
          ? whole.bytes().toString()
          : "";
    }
  }

  /** What was not as expected; empty when all was. */
  List<String> run(TrialFile.Case test) {
    if (provider != null) {
      provider.answerWith(answer(test.response()));
    }
    Exchange exchange = ExampleRequests.exchange(test.request());
    if (exchange == null) {
      return List.of("client_ip '" + test.request().clientIp() + "': expected an IP address");
    }
    Result result = result(exchange, test.request().key() != null);
    List<String> wrong = new ArrayList<>();
    TrialFile.Expectation expected = test.expect();
    compare("outcome", expected.outcome(), result.ending(), wrong);
    compare("status", expected.status(), result.status(), wrong);
    compare("body", expected.body(), result.body(), wrong);
    String part = expected.bodyContains();
    if (part != null && !result.body().contains(part)) {
      wrong.add("body: expected '" + part + "' in '" + result.body() + "'");
    }
    Response response = result.response();
    MultiMap seen = response == null ? MultiMap.caseInsensitiveMultiMap() : response.headers();
    compareHeaders("header ", expected.headers(), seen, wrong);
    compareHeaders("request header ", expected.requestHeaders(), exchange.headers(), wrong);
    compare("request path", expected.requestPath(), exchange.path(), wrong);
    compare("request body", expected.requestBody(), exchange.body().toString(), wrong);
    if (!wrong.isEmpty() && !result.because().isEmpty()) {
      wrong.add("because: " + result.because());
    }
    return wrong;
  }

  private Result result(Exchange exchange, boolean hasKey) {
    Outcome connect = settled(policy.onTcpConnect(exchange));
    if (!(connect instanceof Outcome.Continue)) {
      return ended(connect, exchange);
    }
    if (policy.authorization() == Authorization.API_KEY && !hasKey) {
      return Result.of(Ending.REFUSED, ErrorCode.KEY_INVALID.status(), "it carries no gateway key");
    }
    Outcome outcome = settled(policy.onHttpRequest(exchange));
    return outcome instanceof Outcome.Continue
        ? Result.of(Ending.UNANSWERED, 404, "")
        : ended(outcome, exchange);
  }

  private Result ended(Outcome outcome, Exchange exchange) {
    return switch (outcome) {
      case Outcome.Respond respond -> {
        Outcome after = settled(policy.onHttpResponse(exchange, respond.response()));
        boolean forwarded = provider != null && provider.wasAsked();
        Ending ending = forwarded ? Ending.FORWARDED : Ending.ANSWERED;
        yield switch (after) {
          case Outcome.Continue same ->
              new Result(ending, respond.response().status(), respond.response(), "");
          case Outcome.Respond replaced ->
              new Result(ending, replaced.response().status(), replaced.response(), "");
          default -> refusedOrClosed(after);
        };
      }
      default -> refusedOrClosed(outcome);
    };
  }

  private static Result refusedOrClosed(Outcome outcome) {
    if (!(outcome instanceof Outcome.Refuse refuse)) {
      return Result.of(Ending.CLOSED, 0, "");
    }
    String detail = refuse.refusal().logDetail();
    return Result.of(
        Ending.REFUSED,
        refuse.refusal().code().status(),
        detail.isEmpty() ? refuse.refusal().message() : detail);
  }

  /** Nothing in a trial waits for anything: what needs a network fails at once. */
  private static Outcome settled(Outcome outcome) {
    if (outcome instanceof Outcome.Pending pending) {
      return pending.outcome().succeeded()
          ? settled(pending.outcome().result())
          : Outcome.refuse(ErrorCode.INTERNAL, "The request needs something that tests have not.");
    }
    return outcome;
  }

  private static Response answer(TrialFile.@Nullable Answer answer) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    if (answer == null) {
      return new Response(200, headers, ResponseBody.EMPTY);
    }
    headers.addAll(answer.headers());
    return new Response(
        answer.status(), headers, new ResponseBody.Whole(Buffer.buffer(answer.body())));
  }

  private static void compareHeaders(
      String what, Map<String, String> expected, MultiMap seen, List<String> wrong) {
    expected.forEach(
        (name, value) -> compare(what + name, value, String.join(", ", seen.getAll(name)), wrong));
  }

  private static void compare(
      String what, @Nullable Object expected, Object seen, List<String> wrong) {
    if (expected != null && !expected.equals(seen)) {
      wrong.add(what + ": expected " + shown(expected) + ", was " + shown(seen));
    }
  }

  private static String shown(Object value) {
    return switch (value) {
      case String text -> "'" + text + "'";
      case Ending ending -> ending.name().toLowerCase(Locale.ROOT);
      default -> value.toString();
    };
  }
}
