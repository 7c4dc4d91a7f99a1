package dev.keygate.policy.expression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.key.GatewayKey;
import dev.keygate.policy.Exchanges;
import dev.keygate.policy.Policies;
import dev.keygate.policy.Runs;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.document.Position;
import dev.keygate.policy.document.Problem;
import dev.keygate.policy.document.Problems;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "req.method == 'POST' && req.host == 'ai.example.com' && req.version == 'HTTP/1.1'",
        "req.url == 'https://ai.example.com/v1/x?a=1&a=2&b=%20c'",
        "req.url.path == '/v1/x' && req.url.raw_path == '/%761/./x' && req.url.query == 'a=1&a=2&b=%20c'",
        "req.url.scheme == 'https' && req.url.port == 443 && req.url.host == 'ai.example.com'",
        "req.url.query_params['a'] == ['1', '2'] && req.url.query_params['b'][0] == ' c'",
        "req.url.query_params['c'][0] == '' && getQueryParam('a')[1] == '2' && hasQueryParam('b')",
        "req.headers['X-Team'][0] == 'blue' && req.headers['x-team'].size() == 1",
        "req.headers['absent'][0] == '' && req.headers['absent'] == [] && req.headers['x-team'][5] == ''",
        "req.headers.absent[0] == '' && !has(req.headers.absent) && !has(req.headers['absent'])",
        "hasReqHeader('x-TEAM') && getReqHeader('x-team')[0] == 'blue' && !('absent' in req.headers)",
        "req.headers.exists(name, name == 'x-team') && size(req.headers) == 3",
        "req.cookies['s'][0].value == 'abc' && req.cookies['none'][0].value == ''",
        "getReqCookie('s').value == 'abc' && hasReqCookie('t') && !hasReqCookie('u')",
        "req.content_type == 'application/json' && req.content_type.parameters['charset'] == 'utf-8'",
        "req.content_length == 4 && req.user_agent == ''",
        "conn.client_ip == '203.0.113.7' && conn.tls.version == 'TLSv1.3' && conn.server_port == 443",
        "conn.ts.start == timestamp('2026-05-04T03:02:01Z') && time.now == '2026-05-04T03:02:01Z'",
        "timestamp(time.now).getHours() == 3 && timestamp(time.now) - conn.ts.start == duration('0s')",
        "endpoint.id == 'ep_1' && endpoint.host == 'ai.example.com' && endpoint.port == 443",
        "key.id == 'aigk_1' && key.metadata.team == 'search' && key.metadata['levels'][1] == 2",
        "vars.list[0] == 1 && has(vars.list) && !has(vars.none)",
        "actions.ngrok.rate_limit.limited == false",
        "inCidrRange(conn.client_ip, '203.0.113.0/24') && !inCidrRange('10.0.0.1', '203.0.113.0/24')",
        "inCidrRange('::ffff:10.1.2.3', '10.0.0.0/8') && inCidrRanges('2001:db8::1', ['x', '2001:db8::/32'])",
        "!inCidrRange('not an address', '0.0.0.0/0') && !inCidrRange('1', '0.0.0.0/0')",
        "'10.0.0.1'.isPrivateIp() && !'8.8.8.8'.isPrivateIp()",
        "hash.sha256('hello') == '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'",
        "'hello'.md5() == '5d41402abc4b2a76b9719d911017c592' && 'hello'.crc32() == '3610a686'",
        "hash.sha1('hello', 'base64') == 'qvTGHdzF6KLavt4PO0gs2a6pQ00='",
        "base64.encode(b'hello') == 'aGVsbG8=' && 'aGVsbG8='.decodeBase64() == 'hello'",
        "json.decode('{\"a\": [1, 2.5, null, \"x\"]}').a[1] == 2.5 && json.decode('[null]')[0] == null",
        "json.encode({'a': [1, true]}) == '{\"a\":[1,true]}' && '{}'.isJson() && !'{'.isJson()",
        "basic_auth.encode('u', 'p') == 'Basic dTpw'",
        "queryString.encode({'a': ['1', 'x y']}) == 'a=1&a=x%20y' && queryString.decode('a=1')['a'][0] == '1'",
        "url.parse('https://e.com:8443/p?q=1').host == 'e.com' && url.escape('i;d/$') == 'i%3Bd%2F%24'",
        "['b', 'a', 'b'].distinct().sort() == ['a', 'b'] && [[1], [2]].flatten() == [1, 2]",
        "dyn([{'n': 2}, {'n': 1}].sortBy(x, x.n))[0].n == 1 && [1, 2, 3].slice(0, 2) == [1, 2]",
        "'a,b'.split(',') == ['a', 'b'] && ['a', 'b'].join('-') == 'a-b' && 'a b'.split() == ['a', 'b']",
        "'Ab'.lower() == 'ab' && 'Ab'.upperAscii() == 'AB' && 'abc'.substring(1) == 'bc'",
        "secrets.get('gateway', 'token') == 's3cret-t0ken'",
        "rand.int(3, 3) == 3 && rand.double() < 1.0",
        "1 in [1, 2] && 'a' in {'a': 1}",
        "'x1'.matches('^[a-z][0-9]$') && !'xx'.matches('^[0-9]$')"
      })
  void expressionsReadWhatTheRequestSays(String expression) {
    assertThat(condition(expression).test(exchange())).as(expression).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vars.none == 1",
        "actions.ngrok.other.x == 1",
        "vars.list[7] == 1",
        "int(req.headers['x-team'][0]) == 1",
        "1 / size(req.headers['absent']) == 1",
        "json.decode(req.method) == 1",
        "'a'.matches(req.url.query_params['b'][0] + '(')",
        "size([1,2,3,4,5,6,7,8,9].map(a, [1,2,3,4,5,6,7,8,9].map(b, [1,2,3,4,5,6,7,8,9].map(c, [1,2,3,4,5,6,7,8,9].map(d, [1,2,3,4,5,6,7,8,9].map(e, 1)))))) == 9"
      })
  void whatHasNoValueIsAnError(String expression) {
    assertThatThrownBy(() -> condition(expression).test(exchange()))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("test: ");
  }

  @Test
  void responseVariablesReadTheResponse() {
    Exchange exchange = exchange();
    exchange.response(Runs.answer(201, "text/plain; charset=x", "abc"));
    Objects.requireNonNull(exchange.response()).headers().add("set-cookie", "a=b; Secure; Path=/x");
    Expression expression =
        compiled(
            "res.status_code == 201 && res.content_type == 'text/plain' && getResHeader('x')[0] == ''"
                + " && res.cookies['a'][0].secure && res.cookies['a'][0].path == '/x'",
            Phase.ON_HTTP_RESPONSE);
    assertThat(expression.test(exchange)).isTrue();
  }

  private static Expression condition(String text) {
    return compiled(text, Phase.ON_HTTP_REQUEST);
  }

  private static Expression compiled(String text, Phase phase) {
    Problems problems = new Problems();
    Node.Scalar scalar = new Node.Scalar("test", Position.START, text, text, true, Position.START);
    Expression expression = Policies.EXPRESSIONS.compiler(phase, problems).condition(scalar);
    assertThat(problems.sorted()).noneMatch(Problem::isError);
    return Objects.requireNonNull(expression);
  }

  private static Exchange exchange() {
    Exchange exchange =
        Exchanges.request(
            "POST",
            "/%761/./x?a=1&a=2&b=%20c",
            "body",
            "X-Team",
            "blue",
            "Cookie",
            "s=abc; t=1",
            "Content-Type",
            "application/json; charset=utf-8");
    exchange.key(
        new GatewayKey(
            "aigk_1", "ep_1", "", "{\"team\": \"search\", \"levels\": [1, 2]}", false, null));
    exchange.vars().put("list", List.of(1L));
    exchange.results().put("rate_limit", Map.of("limited", false));
    return exchange;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'abab'.replace('a', 'x') == 'xbxb' && 'abab'.replace('b', '') == 'aa'",
        "'abab'.replace('a', 'x', 1) == 'xbab' && 'aa'.replace('a', 'b', 0) == 'aa'",
        "'ab'.replace('', '-') == '-a-b-' && 'ab'.replace('', '-', 2) == '-a-b' && ''.replace('', 'x') == 'x'",
        "['a', 'b'].join() == 'ab' && ['a', 'b'].join('--') == 'a--b' && [].join('x') == ''",
        "'abc'.matches('b') && !'abc'.matches('^b') && matches('abc', '^a.c$')",
        "inCidrRange('10.1.2.3', '10.9.9.9/8') && !inCidrRange('10.1.2.3', 'x') && inCidrRange('::ffff:10.0.0.1', '10.0.0.0/8')"
      })
  void keygatesOwnFunctionsMeanWhatTheStandardOnesDo(String expression) {
    assertThat(Runs.holds(expression)).as(expression).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "vars.big.replace('', vars.big) == ''",
        "vars.big.replace('a', vars.big) == ''",
        "[vars.big, vars.big, vars.big].join(vars.big) == ''"
      })
  void noTextGrowsWithoutBound(String expression) {
    String policy =
        """
        on_http_request:
          - actions:
              - type: set-vars
                config: {vars: [{big: "BIG"}]}
          - expressions: ["EXPRESSION"]
            actions: [{type: deny}]
        """
            .replace("BIG", "a".repeat(100_000))
            .replace("EXPRESSION", expression.replace("join", "map(x, x + x + x).join"));
    assertThat(Policies.policy(policy).onHttpRequest(Exchanges.get("/")))
        .isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void doublingAVariableEndsInARefusal() {
    String doubling = "- {big: '${vars.big + vars.big}'}\n".indent(12).repeat(30);
    String policy =
        "on_http_request:\n  - actions:\n      - type: set-vars\n        config:\n"
            + "          vars:\n            - {big: aaaaaaaa}\n"
            + doubling.replace("\n\n", "\n");
    assertThat(Policies.policy(policy).onHttpRequest(Exchanges.get("/")))
        .isInstanceOf(Outcome.Refuse.class);
  }

  @Test
  void aPatternThatIsNoneIsRefusedWhenSaved() {
    assertThat(
            Policies.problems(
                "on_http_request:\n- expressions: [\"req.method.matches('[a')\"]\n  actions: [{type: deny}]\n"))
        .singleElement()
        .asString()
        .contains("'[a': not a regular expression (RE2 syntax)");
  }
}
