package dev.keygate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import dev.keygate.server.ConfigFile;
import dev.keygate.server.KeygateServer;
import dev.keygate.server.ServerSettings;
import dev.keygate.server.Setting;
import dev.keygate.server.SettingValues;
import dev.keygate.sim.SimulatedProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code docs/securing-your-gateway.md} from its first block to its last, as one session. */
class SecuringGuideTest {
  private static final Path PAGE = Path.of("docs/securing-your-gateway.md");
  private static final String KEY_SET = "https://login.example.com/.well-known/jwks.json";
  private static final String OF_THE_CLIENT = "sk-canary-of-the-client-6b1e";

  private static final String OF_THE_POLICY = "sk-canary-of-the-policy-91d3";

  @TempDir Path directory = Path.of("");
  private SimulatedProvider provider;
  private KeygateServer server;
  private HttpServer issuer;
  private GuideShell shell;

  @BeforeEach
  void start() throws IOException, JOSEException {
    provider = SimulatedProvider.start("127.0.0.1", 0);
    Path data = directory.resolve("data");
    server =
        KeygateServer.start(
            ServerSettings.of(
                new SettingValues()
                    .withFlag(Setting.LISTEN, "127.0.0.1:0")
                    .withFlag(Setting.CONTROL_LISTEN, "127.0.0.1:0")
                    .withFlag(Setting.DATA_DIR, data.toString())
                    .withFlag(
                        Setting.PROVIDER_URLS, "openai=http://127.0.0.1:" + provider.port() + "/v1")
                    .withFlag(Setting.LOG_LEVEL, "error")
                    .withFlag(Setting.DRAIN_TIMEOUT, "1s")),
            Map.of("OPENAI_API_KEY", "sk-canary-of-the-operator-2f8c"),
            new PrintWriter(new StringWriter()));
    issuer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    Map<String, String> environment =
        Map.of(
            "KEYGATE_API_URL",
            "http://127.0.0.1:" + server.controlPort(),
            "KEYGATE_DATA_DIR",
            data.toString());
    shell = new GuideShell(directory, environment);
    shell.variables.put("GATEWAY", "http://127.0.0.1:" + server.gatewayPort());
    shell.variables.put("ENDPOINT", endpoint(environment));
    shell.write("openai.txt", OF_THE_CLIENT + "\n");
    shell.write("openai-first.txt", OF_THE_POLICY + "\n");
    shell.write("openai-second.txt", OF_THE_POLICY + "-2\n");
    issue();
  }

  @AfterEach
  void stop() {
    issuer.stop(0);
    server.stop();
    provider.close();
  }

  private static String endpoint(Map<String, String> environment) {
    return Shell.run(environment, "", Optional.empty(), "endpoints", "list", "--output", "json")
        .json()
        .at("/endpoints/0/id")
        .asString();
  }

  /** Serves the issuer's keys, and makes the tokens that the page speaks of. */
  private void issue() throws JOSEException {
    RSAKey key = new RSAKeyGenerator(2048).keyID("one").generate();
    byte[] keys = new JWKSet(List.of(key)).toString(true).getBytes(StandardCharsets.UTF_8);
    issuer.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, keys.length);
          exchange.getResponseBody().write(keys);
          exchange.close();
        });
    issuer.start();
    Instant now = InstantSource.system().instant();
    shell.variables.put("JWT", token(key, now.plusSeconds(600)));
    shell.variables.put("NEXT_JWT_OF_THE_SAME_PERSON", token(key, now.plusSeconds(900)));
    shell.variables.put("EXPIRED_JWT", token(key, now.minusSeconds(600)));
  }

  private static String token(RSAKey key, Instant expires) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
            new JWTClaimsSet.Builder()
                .issuer("https://login.example.com/")
                .audience("https://ai.example.com")
                .subject("ann")
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(expires))
                .build());
    token.sign(new RSASSASigner(key));
    return token.serialize();
  }

  @Test
  void everyCommandDoesWhatThePageSays() throws IOException {
    GuidePage page = GuidePage.read(PAGE);
    for (GuidePage.Block block : page.blocks().subList(2, page.blocks().size())) {
      switch (block) {
        case GuidePage.File file -> write(file);
        case GuidePage.Commands commands -> commands.lines().forEach(shell::run);
      }
    }
    assertThat(shell.calls()).isGreaterThan(30);
    assertThat(provider.received().toString()).contains(OF_THE_CLIENT, OF_THE_POLICY);
  }

  private void write(GuidePage.File file) {
    String keySet = "http://127.0.0.1:" + issuer.getAddress().getPort() + "/keys";
    shell.write(file.name(), file.text().replace(KEY_SET, keySet));
    if (file.name().equals("keygate.yaml")) {
      Path settings = directory.resolve(file.name());
      ServerSettings.of(new SettingValues().withFile(ConfigFile.read(Optional.of(settings))));
    }
  }

  @Test
  void theFirstBlocksNameWhatTheTestGives() throws IOException {
    List<GuidePage.Block> blocks = GuidePage.read(PAGE).blocks();
    assertThat(blocks.get(0).toString()).contains("GATEWAY=", "ENDPOINT=");
    assertThat(blocks.get(1).toString())
        .contains("call() {", "/v1/chat/completions", "MODEL:-gpt-4o-mini");
    assertThat(Files.readString(PAGE)).doesNotContain("```yml", "```bash", "~~~");
  }
}
