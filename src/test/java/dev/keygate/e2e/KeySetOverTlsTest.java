package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.keygate.server.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An issuer inside a company serves its keys with a certificate of the company's own authority. */
class KeySetOverTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory = Path.of("");
  private HttpsServer issuer;
  private ECKey key;
  private Path authority;

  @BeforeEach
  void serve() throws Exception {
    key = new ECKeyGenerator(Curve.P_256).keyID("one").generate();
    Path store = directory.resolve("issuer.p12");
    makeCertificate(store);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    authority = directory.resolve("authority.pem");
    Files.writeString(
        authority,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("issuer").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    issuer = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    issuer.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    byte[] set = new JWKSet(List.of(key)).toString(true).getBytes(StandardCharsets.UTF_8);
    issuer.createContext(
        "/keys",
        exchange -> {
          exchange.sendResponseHeaders(200, set.length);
          exchange.getResponseBody().write(set);
          exchange.close();
        });
    issuer.start();
  }

  @AfterEach
  void stop() {
    issuer.stop(0);
  }

  @Test
  void itsKeysCountWhenThatAuthorityIsTrusted() throws IOException, JOSEException {
    try (RunningKeygate keygate =
        RunningKeygate.start(
            directory.resolve("trusting"), Map.of(Setting.UPSTREAM_CA, authority.toString()))) {
      HttpResponse<String> passed = chat(keygate);
      assertThat(passed.statusCode()).as(passed.body()).isEqualTo(200);
      assertThat(keygate.provider.received()).hasSize(1);
    }
  }

  @Test
  void withoutThatNobodyPasses() throws IOException, JOSEException {
    try (RunningKeygate keygate = RunningKeygate.start(directory.resolve("usual"))) {
      HttpResponse<String> refused = chat(keygate);
      assertThat(refused.statusCode()).isEqualTo(503);
      assertThat(refused.headers().firstValue("retry-after")).isPresent();
      assertThat(refused.body()).doesNotContain("certificate", "localhost");
      assertThat(keygate.provider.received()).isEmpty();
    }
  }

  private HttpResponse<String> chat(RunningKeygate keygate) throws JOSEException {
    String policy =
        """
        on_http_request:
          - type: jwt-validation
            config:
              issuer: {allow_list: [{value: https://login.internal/}]}
              http: {tokens: [{type: jwt, method: header, name: Authorization, prefix: 'Bearer '}]}
              jws:
                allowed_algorithms: [ES256]
                keys: {sources: {additional_jkus: ['https://localhost:%d/keys']}}
          - type: ai-gateway
            config: {authorization: policy}
        """
            .formatted(issuer.getAddress().getPort());
    keygate.controlJson(
        "PATCH",
        "/endpoints/" + keygate.defaultEndpointId(),
        "{\"traffic_policy\":" + RunningKeygate.JSON.writeValueAsString(policy) + "}");
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("one").build(),
            new JWTClaimsSet.Builder()
                .issuer("https://login.internal/")
                .expirationTime(Date.from(InstantSource.system().instant().plusSeconds(60)))
                .build());
    token.sign(new ECDSASigner(key));
    return keygate.chat(token.serialize());
  }

  private static SSLContext context(KeyStore keys) throws GeneralSecurityException {
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  private static void makeCertificate(Path store) throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "issuer",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                store.toString())
            .inheritIO()
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
  }
}
