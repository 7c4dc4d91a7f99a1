package dev.keygate.ai;

import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** The platform's certificate authorities and an operator's private ones, as one set. */
final class TrustedRoots {
  private TrustedRoots() {}

  /**
   * @throws IllegalStateException if the platform has no usable trust store
   */
  static TrustOptions platformAnd(List<X509Certificate> extra) {
    try {
      KeyStore roots = KeyStore.getInstance(KeyStore.getDefaultType());
      roots.load(null, null);
      int number = 0;
      for (X509Certificate root : platform()) {
        roots.setCertificateEntry("root-" + number++, root);
      }
      for (X509Certificate root : extra) {
        roots.setCertificateEntry("root-" + number++, root);
      }
      return TrustOptions.wrap(trustManager(roots));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the platform's trust store cannot be used", e);
    }
  }

  private static X509Certificate[] platform() throws GeneralSecurityException {
    return trustManager(null).getAcceptedIssuers();
  }

  private static X509TrustManager trustManager(@Nullable KeyStore roots)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(roots);
    for (TrustManager manager : factory.getTrustManagers()) {
      if (manager instanceof X509TrustManager x509) {
        return x509;
      }
    }
    throw new GeneralSecurityException("no trust manager for X.509");
  }
}
