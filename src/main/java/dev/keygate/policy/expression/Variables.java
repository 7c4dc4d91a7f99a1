package dev.keygate.policy.expression;

import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;
import static dev.cel.common.types.SimpleType.TIMESTAMP;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Response;
import dev.keygate.key.GatewayKey;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What expressions may read (SPEC.md section 10). Each variable is declared under its whole dotted
 * name, so that a misspelt one is found when the policy is saved, and reading one computes that one
 * only.
 */
final class Variables {
  private static final CelType LISTS_BY_NAME = MapType.create(STRING, ListType.create(STRING));
  private static final CelType COOKIES =
      MapType.create(STRING, ListType.create(MapType.create(STRING, STRING)));
  private static final CelType SET_COOKIES =
      MapType.create(STRING, ListType.create(MapType.create(STRING, DYN)));
  private static final CelType TEXTS = MapType.create(STRING, STRING);

  /** When a variable has a value. */
  enum Scope {
    ANYWHERE,
    REQUEST,
    RESPONSE;

    boolean isIn(Phase phase) {
      return switch (this) {
        case ANYWHERE -> true;
        case REQUEST -> phase.hasRequest();
        case RESPONSE -> phase.hasResponse();
      };
    }
  }

  /** One variable. */
  record Variable(CelType type, Scope scope, Function<Exchange, Object> read) {}

  private final Map<String, Variable> byName = new LinkedHashMap<>();

  Variables(InstantSource clock) {
    connection();
    endpoint();
    any("time.now", STRING, exchange -> clock.instant().toString());
    any("vars", DYN, exchange -> LazyMap.of(exchange.vars()));
    any("actions.ngrok", DYN, exchange -> LazyMap.of(exchange.results()));
    request();
    url();
    message("req", Scope.REQUEST, Exchange::headers);
    request(
        "req.content_length", INT, e -> RequestParts.contentLength(e.headers(), e.body().length()));
    request("req.cookies", COOKIES, e -> RequestParts.cookies(e.headers()));
    request(
        "req.ts.header_received",
        TIMESTAMP,
        e -> clock.instant().minusNanos(System.nanoTime() - e.startNanos()));
    key();
    response();
  }

  /** All variables by name, in the order in which they are documented. */
  Map<String, Variable> byName() {
    return byName;
  }

  /** The value of a variable for an exchange. */
  Optional<Object> read(String name, Exchange exchange) {
    Variable variable = byName.get(name);
    return variable == null ? Optional.empty() : Optional.of(variable.read().apply(exchange));
  }

  private void connection() {
    any("conn.client_ip", STRING, e -> e.connection().client().getHostAddress());
    any("conn.client_port", INT, e -> (long) e.connection().clientPort());
    any("conn.server_ip", STRING, e -> e.connection().server().getHostAddress());
    any("conn.server_port", INT, e -> (long) e.connection().serverPort());
    any("conn.tls.version", STRING, e -> e.connection().tlsVersion());
    any("conn.tls.sni", STRING, e -> e.connection().serverName());
    any("conn.ts.start", TIMESTAMP, e -> e.connection().openedAt());
  }

  private void endpoint() {
    any("endpoint.id", STRING, e -> e.endpoint() == null ? "" : e.endpoint().id());
    any("endpoint.url", STRING, EndpointUrl::text);
    any("endpoint.protocol", STRING, EndpointUrl::protocol);
    any("endpoint.host", STRING, EndpointUrl::host);
    any("endpoint.port", INT, EndpointUrl::port);
    any("endpoint.addr", STRING, e -> EndpointUrl.host(e) + ':' + EndpointUrl.port(e));
  }

  private void request() {
    request("req.id", STRING, Exchange::requestId);
    request("req.method", STRING, Exchange::method);
    request("req.host", STRING, Exchange::authority);
    request("req.version", STRING, Exchange::httpVersion);
    request("req.user_agent", STRING, e -> RequestParts.header(e.headers(), "user-agent"));
  }

  private void url() {
    request("req.url", STRING, RequestUrl::full);
    request("req.url.raw", STRING, RequestUrl::raw);
    request("req.url.scheme", STRING, RequestUrl::scheme);
    request("req.url.authority", STRING, Exchange::authority);
    request("req.url.host", STRING, e -> RequestUrl.host(e.authority()));
    request("req.url.port", INT, RequestUrl::port);
    request("req.url.path", STRING, e -> RequestUrl.normalised(e.path()));
    request("req.url.raw_path", STRING, Exchange::path);
    request("req.url.uri", STRING, RequestUrl::uri);
    request("req.url.query", STRING, e -> e.query() == null ? "" : e.query());
    request("req.url.query_params", LISTS_BY_NAME, e -> RequestParts.queryParams(e.query()));
  }

  private void key() {
    request("key.id", STRING, e -> key(e, GatewayKey::id));
    request("key.description", STRING, e -> key(e, GatewayKey::description));
    request("key.metadata", DYN, e -> Json.parsedOrText(key(e, GatewayKey::metadata)));
  }

  private void response() {
    message("res", Scope.RESPONSE, exchange -> response(exchange).headers());
    add("res.status_code", INT, Scope.RESPONSE, exchange -> (long) response(exchange).status());
    add(
        "res.content_length",
        INT,
        Scope.RESPONSE,
        e -> RequestParts.contentLength(response(e).headers(), -1));
    add(
        "res.cookies",
        SET_COOKIES,
        Scope.RESPONSE,
        e -> RequestParts.setCookies(response(e).headers()));
  }

  /** What requests and responses have in common. */
  private void message(String root, Scope scope, Function<Exchange, MultiMap> headers) {
    add(root + ".headers", LISTS_BY_NAME, scope, headers.andThen(HeaderMap::new));
    add(root + ".content_type", STRING, scope, headers.andThen(RequestParts::mediaType));
    add(
        root + ".content_type.raw",
        STRING,
        scope,
        headers.andThen(all -> RequestParts.header(all, "content-type")));
    add(
        root + ".content_type.parameters",
        TEXTS,
        scope,
        headers.andThen(RequestParts::mediaTypeParameters));
    add(
        root + ".content_encoding",
        ListType.create(STRING),
        scope,
        headers.andThen(RequestParts::contentEncodings));
    add(
        root + ".location",
        STRING,
        scope,
        headers.andThen(all -> RequestParts.header(all, "location")));
  }

  private static String key(Exchange exchange, Function<GatewayKey, String> field) {
    GatewayKey key = exchange.key();
    return key == null ? "" : field.apply(key);
  }

  private static Response response(Exchange exchange) {
    Response response = exchange.response();
    if (response == null) {
      throw new EvaluationException("there is no response yet");
    }
    return response;
  }

  private void any(String name, CelType type, Function<Exchange, Object> read) {
    add(name, type, Scope.ANYWHERE, read);
  }

  private void request(String name, CelType type, Function<Exchange, Object> read) {
    add(name, type, Scope.REQUEST, read);
  }

  private void add(
      String name, CelType type, Scope scope, Function<Exchange, ? extends Object> read) {
    byName.put(name, new Variable(type, scope, read::apply));
  }
}
