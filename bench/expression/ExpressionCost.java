package expression;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.exchange.ClientConnection;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.RequestHead;
import dev.keygate.policy.OpenRelay;
import dev.keygate.policy.PolicyCompiler;
import dev.keygate.policy.TrafficPolicy;
import dev.keygate.policy.document.DocumentParser;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.Expressions;
import dev.keygate.policy.expression.SecretSource;
import dev.keygate.server.ActionTypes;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What one evaluation of an expression costs, and all rules of bench/policy.yaml together. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class ExpressionCost {

  /** One expression, compiled. */
  @State(Scope.Thread)
  public static class OneExpression {
    @Param({
      "req.method == 'POST'",
      "req.headers['x-team'][0] == 'search'",
      "hasReqHeader('x-team')",
      "req.url.path.startsWith('/v1/')",
      "conn.client_ip in ['203.0.113.1', '203.0.113.2']",
      "inCidrRange(conn.client_ip, '10.0.0.0/8')",
      "req.headers['user-agent'].exists(agent, agent.matches('(?i)bot|crawler'))"
    })
    public String text;

    Expression expression;
    Exchange exchange;

    @Setup
    public void compile() {
      Problems problems = new Problems();
      Node node = DocumentParser.parse("\"" + text + "\"", problems);
      expression =
          new Expressions(SecretSource.NONE, InstantSource.system())
              .compiler(Phase.ON_HTTP_REQUEST, problems)
              .condition((Node.Scalar) node);
      exchange = request();
    }
  }

  /** The rules that the whole gateway is measured with, without the provider at their end. */
  @State(Scope.Thread)
  public static class Rules {
    TrafficPolicy policy;
    Exchange exchange;

    @Setup
    public void compile() throws IOException {
      InstantSource clock = InstantSource.system();
      String document = Files.readString(Path.of(System.getProperty("policy")));
      policy =
          new PolicyCompiler(new Expressions(SecretSource.NONE, clock), ActionTypes.offline(clock))
              .compile(document.replace("- type: ai-gateway", ""), OpenRelay.ALLOW)
              .policy();
      exchange = request();
    }
  }

  @Benchmark
  public boolean expression(OneExpression one) {
    return one.expression.test(one.exchange);
  }

  @Benchmark
  public Outcome threeRules(Rules rules) {
    return rules.policy.onHttpRequest(rules.exchange);
  }

  private static Exchange request() {
    InetAddress address = InetAddress.ofLiteral("198.51.100.7");
    ClientConnection connection =
        new ClientConnection(address, 50_000, address, 443, "TLSv1.3", "", Instant.EPOCH);
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .add("host", "ai.example.com")
            .add("content-type", "application/json")
            .add("user-agent", "OpenAI/Python 2.3.0")
            .add("accept", "application/json")
            .add("x-team", "research");
    RequestHead head =
        new RequestHead(
            "POST", "ai.example.com", "/v1/chat/completions", null, "HTTP/1.1", headers);
    Exchange exchange = new Exchange("req_1", connection, head, 0);
    HostPattern host = new HostPattern("ai.example.com", false, 0);
    exchange.endpoint(new Endpoint("ep_1", host, "https://ai.example.com", true, false));
    exchange.body(Buffer.buffer("{}"));
    return exchange;
  }
}
