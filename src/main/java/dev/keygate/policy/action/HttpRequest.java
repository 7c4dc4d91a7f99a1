package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;
import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.RetryCondition;
import dev.keygate.policy.expression.Template;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code http-request}: asks another service something; later rules read its answer. */
public final class HttpRequest implements ActionType<HttpRequest.Config> {
  /** Counts how often a request that a policy made has come back to a gateway. */
  private static final String HOPS = "x-keygate-hops";

  private static final int MAX_HOPS = 3;

  private final HttpCall call;
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime as {@link System#nanoTime}
   */
  public HttpRequest(HttpCall call, LongSupplier nanoTime) {
    this.call = call;
    this.nanoTime = nanoTime;
  }

  /** A request method. */
  public enum Method {
    GET,
    PUT,
    POST,
    PATCH,
    DELETE,
    OPTIONS;

    /**
     * Reads a method in any letter case.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static Method of(String text) {
      for (Method method : values()) {
        if (method.name().equalsIgnoreCase(text)) {
          return method;
        }
      }
      throw new IllegalArgumentException("expected GET, PUT, POST, PATCH, DELETE or OPTIONS");
    }
  }

  /** What follows when there is no answer. */
  public enum OnError {
    CONTINUE,
    HALT
  }

  /** A query parameter. */
  public record QueryParam(
      @Setting(value = "Its name.", atLeast = "1", atMost = "128") String key,
      @Setting("Its value.") Template value) {}

  /** What {@code http-request} is configured with. */
  public record Config(
      @Setting(
              "Where the request goes: `https://…`, or `http://…` to a loopback or private address.")
          Template url,
      @Setting(value = "`GET`, `PUT`, `POST`, `PATCH`, `DELETE` or `OPTIONS`.", defaultsTo = "GET")
          String method,
      @Setting(value = "Query parameters to append to the URL.", atMost = "32")
          List<QueryParam> queryParams,
      @Setting(value = "Headers of the request.", atMost = "10") Map<String, Template> headers,
      @Setting(value = "The body of the request.", defaultsTo = "''") Template body,
      @Setting(
              value =
                  "How many redirects are followed; to another host none is, and none from `https`"
                      + " to `http`.",
              defaultsTo = "0",
              atLeast = "0",
              atMost = "10")
          int maxRedirects,
      @Setting(
              value = "How long everything may take, redirects and retries included.",
              defaultsTo = "3s",
              atLeast = "1s",
              atMost = "30s")
          Duration timeout,
      @Setting(
              "A CEL expression that is asked after each attempt, whether it was answered or not:"
                  + " when it is true, there is one more, up to 3 in all and within the timeout. It"
                  + " may read `attempts`, how many there were, and of the last one"
                  + " `last_attempt.req`, `last_attempt.res.status_code`, `last_attempt.res.header`,"
                  + " `last_attempt.res.body` and `last_attempt.error`, empty after an answer.")
          @Nullable RetryCondition retryCondition,
      @Setting(
              value =
                  "What follows when there is no answer in time: the next action, or a refusal of"
                      + " the request. An answer is an answer, whatever its status.",
              defaultsTo = "continue")
          OnError onError) {}

  @Override
  public String name() {
    return "http-request";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST, ON_HTTP_RESPONSE);
  }

  @Override
  public Ending ending() {
    return Ending.SOMETIMES;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    HeaderFields.checkValues(config.headers(), "headers", context);
    String fixed = config.url().constant();
    if (fixed != null && !isUrl(fixed)) {
      context.error("url", Quoted.of(fixed) + ": expected https://… or http://…");
    }
    try {
      Method method = Method.of(config.method());
      return exchange -> new Outcome.Pending(ask(config, method, exchange));
    } catch (IllegalArgumentException unknown) {
      context.error("method", Quoted.of(config.method()) + ": " + unknown.getMessage());
      return exchange -> Outcome.CONTINUE;
    }
  }

  private Future<Outcome> ask(Config config, Method method, Exchange exchange) {
    HttpCall.Request request = request(config, method, exchange);
    return new HttpAttempts(config, request, exchange, call, nanoTime).outcome();
  }

  private static HttpCall.Request request(Config config, Method method, Exchange exchange) {
    String url = GatewayKeys.refuse(withQuery(config, exchange));
    if (!isUrl(url)) {
      throw new EvaluationException("http-request: the URL is none");
    }
    Map<String, String> headers = HeaderFields.render(config.headers(), exchange);
    headers.values().forEach(GatewayKeys::refuse);
    headers.put(HOPS, Integer.toString(hops(exchange) + 1));
    Buffer body = Buffer.buffer(GatewayKeys.refuse(config.body().render(exchange)));
    return new HttpCall.Request(
        method.name(),
        url,
        HeaderFields.multiMap(headers),
        body,
        config.timeout(),
        config.maxRedirects());
  }

  /**
   * How many policies' requests this one comes from. A rule that could be made to go on without an
   * answer would be one that clients switch off, so that too many refuse whatever {@code on_error}
   * says.
   */
  private static int hops(Exchange exchange) {
    int most = 0;
    for (String line : exchange.headers().getAll(HOPS)) {
      if (line.length() != 1 || line.charAt(0) < '0' || line.charAt(0) >= '0' + MAX_HOPS) {
        throw new EvaluationException("http-request: the request goes round in circles");
      }
      most = Math.max(most, line.charAt(0) - '0');
    }
    return most;
  }

  private static String withQuery(Config config, Exchange exchange) {
    StringBuilder url = new StringBuilder(config.url().render(exchange));
    char separator = url.indexOf("?") < 0 ? '?' : '&';
    for (QueryParam param : config.queryParams()) {
      url.append(separator)
          .append(URLEncoder.encode(param.key(), StandardCharsets.UTF_8))
          .append('=')
          .append(URLEncoder.encode(param.value().render(exchange), StandardCharsets.UTF_8));
      separator = '&';
    }
    return url.toString();
  }

  private static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      boolean http = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      return http && uri.getHost() != null && uri.getRawUserInfo() == null;
    } catch (URISyntaxException malformed) {
      return false;
    }
  }
}
