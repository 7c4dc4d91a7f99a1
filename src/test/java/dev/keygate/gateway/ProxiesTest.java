package dev.keygate.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.policy.Authorization;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client's address behind proxies: 127.0.0.1 is a trusted one, 127.0.0.2 is anybody. */
class ProxiesTest {
  private static final String GET = "GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String LINE = "PROXY TCP4 203.0.113.7 198.51.100.1 4310 443\r\n";

  private final ScriptedPolicy policy =
      new ScriptedPolicy(Authorization.NONE, exchange -> ScriptedPolicy.respond(ends(exchange)));
  private @Nullable RunningGateway gateway;

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private static String ends(Exchange exchange) {
    return exchange.connection().client().getHostAddress()
        + ' '
        + exchange.connection().clientPort()
        + ' '
        + exchange.connection().server().getHostAddress()
        + ' '
        + exchange.connection().serverPort();
  }

  private RunningGateway start(boolean sendHeader, Optional<GatewaySettings.Tls> tls) {
    GatewaySettings standard = RunningGateway.SETTINGS;
    gateway =
        RunningGateway.with(
            new GatewaySettings(
                standard.host(),
                0,
                2,
                standard.maxBody(),
                standard.maxBuffered(),
                standard.maxHeaderBytes(),
                standard.maxHeaderLines(),
                Duration.ofMillis(500),
                standard.idleTimeout(),
                new GatewaySettings.Proxies(
                    CidrSet.of(List.of(Cidr.parseExact("127.0.0.1"))), sendHeader),
                tls),
            policy);
    return gateway;
  }

  private static RawClient from(String address, int port) throws IOException {
    return RawClient.over(
        new Socket(InetAddress.ofLiteral("127.0.0.1"), port, InetAddress.ofLiteral(address), 0));
  }

  private static String with(String header) {
    return GET.replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n");
  }

  @Test
  void aTrustedProxysHeaderNamesTheClientOfEachRequest() throws IOException {
    start(false, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(with("x-FORWARDED-for: 1.1.1.1, 203.0.113.7")).answer().body())
          .startsWith("203.0.113.7 0 127.0.0.1 ");
      assertThat(proxy.send(with("X-Forwarded-For: 203.0.113.8")).answer().body())
          .startsWith("203.0.113.8 0 ");
      assertThat(proxy.send(GET).answer().body()).startsWith("127.0.0.1 ");
      assertThat(proxy.send(with("X-Forwarded-For: unknown")).answer().status()).isEqualTo(400);
    }
  }

  @Test
  void nobodyElsesHeaderIsRead() throws IOException {
    start(false, Optional.empty());
    try (RawClient client = from("127.0.0.2", gateway().port)) {
      for (String name : List.of("X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP")) {
        assertThat(client.send(with(name + ": 127.0.0.1")).answer().body())
            .startsWith("127.0.0.2 ");
      }
    }
  }

  @Test
  void theRulesForConnectionsAreAskedAboutEachClientOfAProxy() throws IOException {
    policy.onConnect(exchange ->
        exchange.connection().client().getHostAddress().equals("203.0.113.7")
            ? Outcome.CONTINUE
            : Outcome.CLOSE);
    start(false, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(with("X-Forwarded-For: 203.0.113.7")).answer().status()).isEqualTo(200);
      assertThat(proxy.send(with("X-Forwarded-For: 203.0.113.8")).rest()).isEmpty();
    }
  }

  @Test
  void withoutTheSettingAProxyHeaderIsGarbage() throws IOException {
    start(false, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(LINE + GET).answer().status()).isEqualTo(400);
    }
  }

  @Test
  void aProxyHeaderNamesTheConnectionsClient() throws IOException {
    start(true, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      for (int at = 0; at < LINE.length(); at++) {
        proxy.send(LINE.substring(at, at + 1));
      }
      for (int request = 0; request < 2; request++) {
        // Its client is nobody who is trusted: the header is the client's.
        assertThat(proxy.send(with("X-Forwarded-For: 127.0.0.1")).answer().body())
            .isEqualTo("203.0.113.7 4310 198.51.100.1 443");
      }
    }
    String mapped = "00000000000000000000ffffcb007107";
    String binary = "0d0a0d0a000d0a515549540a" + "21210024" + mapped + mapped + "10d601bb";
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(bytes(binary) + GET).answer().body())
          .isEqualTo("203.0.113.7 4310 203.0.113.7 443");
    }
  }

  private static String bytes(String hex) {
    return new String(HexFormat.of().parseHex(hex), ISO_8859_1);
  }

  @Test
  void aProxysOwnConnectionIsItsOwn() throws IOException {
    start(true, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send("PROXY UNKNOWN\r\n" + GET).answer().body()).startsWith("127.0.0.1 ");
      assertThat(proxy.send(with("X-Forwarded-For: 203.0.113.9")).answer().body())
          .startsWith("203.0.113.9 0 ");
    }
  }

  @Test
  void aProxyWithoutHeaderIsShutOut() throws IOException {
    start(true, Optional.empty());
    for (String first :
        List.of(GET, "PROXY TCP4 x\r\n" + GET, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")) {
      try (RawClient proxy = from("127.0.0.1", gateway().port)) {
        assertThat(proxy.send(first).rest()).isIn("", "(reset)");
      }
    }
    assertThat(policy.seen()).isEmpty();
  }

  @Test
  void aHeaderThatDoesNotComeIsNotWaitedForLong() throws IOException {
    start(true, Optional.empty());
    for (String first : List.of("", "PROXY TCP4 203.0.113.7 ")) {
      try (RawClient proxy = from("127.0.0.1", gateway().port)) {
        assertThat(proxy.send(first).rest()).isEmpty();
      }
    }
  }

  @Test
  void aHeaderIsGoodForOneConnectionAndAtItsBeginningOnly() throws IOException {
    start(true, Optional.empty());
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(LINE + LINE + GET).answer().status()).isEqualTo(400);
    }
    try (RawClient proxy = from("127.0.0.1", gateway().port)) {
      assertThat(proxy.send(LINE + GET).answer().body()).startsWith("203.0.113.7 ");
      assertThat(proxy.send(LINE.replace("203.0.113.7", "203.0.113.8") + GET).answer().status())
          .isEqualTo(400);
    }
  }

  @Test
  void nobodyElsesProxyHeaderIsRead() throws IOException {
    start(true, Optional.empty());
    try (RawClient client = from("127.0.0.2", gateway().port)) {
      assertThat(client.send(LINE + GET).answer().status()).isEqualTo(400);
    }
    try (RawClient client = from("127.0.0.2", gateway().port)) {
      assertThat(client.send(GET).answer().body()).startsWith("127.0.0.2 ");
    }
    assertThat(policy.seen()).hasSize(1);
  }

  @Test
  void aProxyHeaderStandsBeforeTheTlsHandshake(@TempDir Path directory) throws Exception {
    start(true, Optional.of(Pems.make(directory, "one").settings()));
    for (String header :
        List.of(LINE, bytes("0d0a0d0a000d0a515549540a2111000ccb007107c633640110d601bb"))) {
      Socket plain = new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway().port);
      plain.getOutputStream().write(header.getBytes(ISO_8859_1));
      try (RawClient proxy = RawClient.over(secured(plain))) {
        assertThat(proxy.send(GET).answer().body()).isEqualTo("203.0.113.7 4310 198.51.100.1 443");
      }
    }
    Socket plain = new Socket(InetAddress.ofLiteral("127.0.0.1"), gateway().port);
    SSLSocket inside = secured(plain);
    try (RawClient proxy = RawClient.over(inside)) {
      assertThat(proxy.sendInVain(LINE + GET).sendInVain(GET)).isNotNull();
    } finally {
      plain.close();
    }
    assertThat(policy.seen()).hasSize(2);
  }

  private static SSLSocket secured(Socket plain) throws GeneralSecurityException, IOException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Anyone()}, null);
    return (SSLSocket) context.getSocketFactory().createSocket(plain, "x", 443, true);
  }

  private static final class Anyone implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private RunningGateway gateway() {
    if (gateway == null) {
      throw new AssertionError("not started");
    }
    return gateway;
  }
}
