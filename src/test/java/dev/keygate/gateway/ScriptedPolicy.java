package dev.keygate.gateway;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Authorization;
import dev.keygate.policy.TrafficPolicy;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A policy whose request phase does what a test says, and which remembers what reached it. */
final class ScriptedPolicy implements TrafficPolicy {
  private final Authorization authorization;
  private final Function<Exchange, Outcome> onRequest;
  private final List<Exchange> seen = new CopyOnWriteArrayList<>();
  private volatile Function<Exchange, Outcome> onConnect = exchange -> Outcome.CONTINUE;

  ScriptedPolicy(Authorization authorization, Function<Exchange, Outcome> onRequest) {
    this.authorization = authorization;
    this.onRequest = onRequest;
  }

  /** Answers each request with its own body. */
  static ScriptedPolicy echo(Authorization authorization) {
    return new ScriptedPolicy(
        authorization, exchange -> respond(new ResponseBody.Whole(exchange.body()), "text/plain"));
  }

  static Outcome respond(ResponseBody body, String type) {
    return new Outcome.Respond(
        new Response(200, HttpHeaders.headers().set("content-type", type), body));
  }

  static Outcome respond(String text) {
    return respond(new ResponseBody.Whole(Buffer.buffer(text)), "text/plain");
  }

  ScriptedPolicy onConnect(Function<Exchange, Outcome> script) {
    onConnect = script;
    return this;
  }

  /** The exchanges that reached the request phase. */
  List<Exchange> seen() {
    return seen;
  }

  @Override
  public Authorization authorization() {
    return authorization;
  }

  @Override
  public Outcome onTcpConnect(Exchange exchange) {
    return onConnect.apply(exchange);
  }

  @Override
  public Outcome onHttpRequest(Exchange exchange) {
    seen.add(exchange);
    return onRequest.apply(exchange);
  }

  @Override
  public Outcome onHttpResponse(Exchange exchange, Response response) {
    return Outcome.CONTINUE;
  }
}
