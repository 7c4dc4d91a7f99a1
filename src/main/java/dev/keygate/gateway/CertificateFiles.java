package dev.keygate.gateway;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The listener's certificate and key, read from their files whole, so that the two belong together
 * and cannot change while they are in use. Compared by content: a file that is put in place by
 * renaming a directory is seen as well.
 *
 * @param certificate PEM
 * @param key PEM
 */
record CertificateFiles(Buffer certificate, Buffer key) {
  /** Key types of TLS certificates, as key managers name them. */
  private static final String[] KEY_TYPES = {"EC", "RSA", "EdDSA"};

  static CertificateFiles read(GatewaySettings.Tls tls) throws IOException {
    return new CertificateFiles(
        Buffer.buffer(Files.readAllBytes(tls.certificate())),
        Buffer.buffer(Files.readAllBytes(tls.key())));
  }

  PemKeyCertOptions options() {
    return new PemKeyCertOptions().addCertValue(certificate).addKeyValue(key);
  }

  /**
   * Checks that clients could be served with these.
   *
   * @throws GeneralSecurityException when they cannot be read or do not belong together
   */
  void verify(Vertx vertx) throws GeneralSecurityException {
    KeyPair pair = keyPair(vertx);
    if (pair == null) {
      throw new GeneralSecurityException("there is no certificate with a key");
    }
    byte[] probe = {1, 2, 3};
    Signature signature = Signature.getInstance(algorithm(pair.getPrivate().getAlgorithm()));
    signature.initSign(pair.getPrivate());
    signature.update(probe);
    byte[] signed = signature.sign();
    signature.initVerify(pair.getPublic());
    signature.update(probe);
    if (!signature.verify(signed)) {
      throw new GeneralSecurityException("the key is not the certificate's");
    }
  }

  private @Nullable KeyPair keyPair(Vertx vertx) throws GeneralSecurityException {
    for (KeyManager manager : keyManagers(vertx)) {
      if (manager instanceof X509KeyManager keys) {
        for (String type : KEY_TYPES) {
          String[] aliases = keys.getServerAliases(type, null);
          if (aliases != null && aliases.length > 0) {
            X509Certificate[] chain = keys.getCertificateChain(aliases[0]);
            return new KeyPair(chain[0].getPublicKey(), keys.getPrivateKey(aliases[0]));
          }
        }
      }
    }
    return null;
  }

  /** Vert.x declares no more than that something may go wrong. */
  private KeyManager[] keyManagers(Vertx vertx) throws GeneralSecurityException {
    try {
      return options().getKeyManagerFactory(vertx).getKeyManagers();
    } catch (Exception e) {
      throw new GeneralSecurityException(e.getMessage(), e);
    }
  }

  private static String algorithm(String keyAlgorithm) {
    return switch (keyAlgorithm) {
      case "EC" -> "SHA256withECDSA";
      case "RSA" -> "SHA256withRSA";
      default -> keyAlgorithm;
    };
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "CertificateFiles[" + Arrays.hashCode(certificate.getBytes()) + ']';
  }
}
