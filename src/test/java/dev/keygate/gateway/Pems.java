package dev.keygate.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** Self-signed certificates in PEM files, made with the JDK's own tool. */
record Pems(Path certificate, Path key) {
  private static final char[] PASSWORD = "changeit".toCharArray();

  GatewaySettings.Tls settings() {
    return new GatewaySettings.Tls(certificate, key);
  }

  static Pems make(Path directory, String name) throws Exception {
    Path store = directory.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=" + name,
                "-ext",
                "san=dns:localhost",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .start();
    String said = new String(keytool.getInputStream().readAllBytes(), UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException(said);
    }
    return export(store, directory, name);
  }

  private static Pems export(Path store, Path directory, String name)
      throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    return new Pems(
        Files.writeString(
            directory.resolve(name + ".crt"),
            pem("CERTIFICATE", keys.getCertificate("server").getEncoded())),
        Files.writeString(
            directory.resolve(name + ".key"),
            pem("PRIVATE KEY", keys.getKey("server", PASSWORD).getEncoded())));
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }

  Pems copyTo(Path directory) throws IOException {
    return new Pems(
        Files.copy(certificate, directory.resolve("server.crt")),
        Files.copy(key, directory.resolve("server.key")));
  }

  /** Puts what {@code other} holds in place of this. */
  void replaceBy(Pems other) throws IOException {
    Files.write(certificate, Files.readAllBytes(other.certificate));
    Files.write(key, Files.readAllBytes(other.key));
  }
}
