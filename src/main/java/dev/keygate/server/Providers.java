package dev.keygate.server;

import dev.keygate.ai.BaseUrl;
import dev.keygate.ai.Catalogs;
import dev.keygate.ai.ProviderTable;
import dev.keygate.ai.UpstreamSettings;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.live.ProviderKey;
import dev.keygate.secret.Secret;
import dev.keygate.sim.SimulatedProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where providers are and which keys the environment has for them: as the operator configured it,
 * and with the simulated provider where {@code --demo} finds no key.
 */
final class Providers implements AutoCloseable {
  /** Those the simulated provider can stand in for. */
  private static final List<String> SIMULATED = List.of("openai", "anthropic");

  private final Catalogs catalogs;
  private final List<ProviderKey> environmentKeys;
  private final UpstreamSettings upstreamSettings;
  private final @Nullable SimulatedProvider simulated;
  private final List<String> simulatedIds;

  private Providers(
      Catalogs catalogs,
      List<ProviderKey> environmentKeys,
      UpstreamSettings upstreamSettings,
      @Nullable SimulatedProvider simulated,
      List<String> simulatedIds) {
    this.catalogs = catalogs;
    this.environmentKeys = environmentKeys;
    this.upstreamSettings = upstreamSettings;
    this.simulated = simulated;
    this.simulatedIds = simulatedIds;
  }

  /**
   * Reads the operator's models, and starts the simulated provider where it is needed.
   *
   * @throws StartFailedException naming the setting that is wrong
   */
  static Providers of(Catalog builtIn, ServerSettings settings, Map<String, String> environment) {
    Optional<Path> file = settings.upstreams().models();
    ProviderTable known = catalogs(builtIn, file).current().providers();
    Map<String, BaseUrl> moved = new HashMap<>();
    settings.upstreams().baseUrls().forEach((id, url) -> moved.put(id, baseUrl(id, url)));
    List<ProviderKey> keys = new ArrayList<>(EnvironmentKeys.read(environment, known.ids()));
    List<String> simulatedIds =
        settings.demo()
            ? SIMULATED.stream()
                .filter(id -> !moved.containsKey(id))
                .filter(id -> keys.stream().noneMatch(key -> key.providerId().equals(id)))
                .toList()
            : List.of();
    SimulatedProvider simulated =
        simulatedIds.isEmpty() ? null : SimulatedProvider.start("127.0.0.1", 0);
    if (simulated != null) {
      String url = "http://127.0.0.1:" + simulated.port() + "/v1";
      for (String id : simulatedIds) {
        moved.put(id, BaseUrl.parse(url));
        keys.add(new ProviderKey("simulated", id, Secret.of("sk-simulated")));
      }
    }
    try {
      return new Providers(
          new Catalogs(builtIn, file.orElse(null), moved),
          keys,
          upstreamSettings(settings),
          simulated,
          simulatedIds);
    } catch (IllegalArgumentException e) {
      throw new StartFailedException(Setting.PROVIDER_URLS.flag() + ": " + e.getMessage(), e);
    }
  }

  /** What is known of providers and models, and where providers are. */
  Catalogs catalogs() {
    return catalogs;
  }

  private static Catalogs catalogs(Catalog builtIn, Optional<Path> file) {
    try {
      return new Catalogs(builtIn, file.orElse(null), Map.of());
    } catch (IllegalArgumentException e) {
      throw new StartFailedException(
          Setting.MODELS_FILE.flag()
              + ": "
              + file.map(Path::toString).orElse("")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  /** Managed keys from the environment. */
  List<ProviderKey> environmentKeys() {
    return environmentKeys;
  }

  UpstreamSettings upstreamSettings() {
    return upstreamSettings;
  }

  /** Ids of the providers that the simulated one stands in for. */
  List<String> simulatedIds() {
    return simulatedIds;
  }

  @Override
  public void close() {
    if (simulated != null) {
      simulated.close();
    }
  }

  private static BaseUrl baseUrl(String id, URI url) {
    try {
      return BaseUrl.parse(url.toString());
    } catch (IllegalArgumentException e) {
      throw new StartFailedException(
          Setting.PROVIDER_URLS.flag() + ": " + id + ": " + e.getMessage(), e);
    }
  }

  private static UpstreamSettings upstreamSettings(ServerSettings settings) {
    UpstreamSettings standard = UpstreamSettings.DEFAULT;
    return new UpstreamSettings(
        standard.connectTimeout(),
        standard.keepAlive(),
        standard.maxConnections(),
        standard.maxHeaderBytes(),
        standard.sweepInterval(),
        settings.upstreams().extraTrust().map(Providers::certificates).orElse(List.of()));
  }

  private static List<X509Certificate> certificates(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      List<X509Certificate> certificates = new ArrayList<>();
      for (Certificate one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        certificates.add((X509Certificate) one);
      }
      return certificates;
    } catch (IOException | CertificateException e) {
      throw new StartFailedException(
          Setting.UPSTREAM_CA.flag()
              + ": cannot read certificates from "
              + file
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
