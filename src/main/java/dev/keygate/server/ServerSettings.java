package dev.keygate.server;

import dev.keygate.address.Cidr;
import dev.keygate.secret.Secret;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How one node runs. Made by {@link #of} from what was configured; see {@link Setting} for what
 * each means.
 *
 * @param databaseUrl a secret, because it may hold a password
 * @param sizes bounds in bytes, and lines of a head
 */
public record ServerSettings(
    Listener gateway,
    Listener control,
    Proxies proxies,
    Optional<URI> controlUrl,
    Path dataDir,
    Optional<Secret> databaseUrl,
    Counting counting,
    int eventLoops,
    Sizes sizes,
    Timeouts timeouts,
    Duration requestRetention,
    Upstreams upstreams,
    Logs logs,
    boolean demo) {

  /** One listening socket; TLS when there is a certificate. */
  public record Listener(InetSocketAddress address, Optional<Path> tlsCert, Optional<Path> tlsKey) {

    /** The two files of a listener that speaks TLS. */
    Optional<Pems> pems() {
      return tlsCert.flatMap(certificate -> tlsKey.map(key -> new Pems(certificate, key)));
    }
  }

  /**
   * What stands between clients and the gateway.
   *
   * @param protocol {@code off} or {@code required}
   */
  public record Proxies(List<Cidr> trusted, String protocol) {}

  record Pems(Path certificate, Path key) {}

  /**
   * Where rate limits are counted.
   *
   * @param redisUrl a secret, because it may hold a password
   * @param withoutRedis {@code local} or {@code deny}
   */
  public record Counting(Optional<Secret> redisUrl, String withoutRedis) {}

  public record Sizes(long maxBody, long maxBuffered, int maxHeaderBytes, int maxHeaderLines) {}

  public record Timeouts(Duration request, Duration idle, Duration drain, Duration maxKeyAge) {}

  /**
   * How providers are reached.
   *
   * @param baseUrls by provider id, in place of the built-in ones
   * @param models a catalog beside the built-in one
   */
  public record Upstreams(
      Map<String, URI> baseUrls, Optional<Path> extraTrust, Optional<Path> models) {}

  /**
   * What is logged, to standard error.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
   * @param json whether lines are JSON objects
   */
  public record Logs(String level, boolean json) {}

  /**
   * Reads the values.
   *
   * @throws InvalidSettingsException naming every problem
   */
  public static ServerSettings of(SettingValues values) {
    SettingReader read = new SettingReader(values);
    ServerSettings settings =
        new ServerSettings(
            new Listener(
                read.address(Setting.LISTEN),
                read.path(Setting.TLS_CERT),
                read.path(Setting.TLS_KEY)),
            new Listener(
                read.address(Setting.CONTROL_LISTEN),
                read.path(Setting.CONTROL_TLS_CERT),
                read.path(Setting.CONTROL_TLS_KEY)),
            new Proxies(
                read.ranges(Setting.TRUSTED_PROXIES),
                read.oneOf(Setting.PROXY_PROTOCOL, List.of("off", "required"))),
            read.url(Setting.CONTROL_URL),
            read.path(Setting.DATA_DIR).orElse(Path.of(".")),
            read.secret(Setting.DATABASE_URL),
            new Counting(
                read.secret(Setting.REDIS_URL),
                read.oneOf(Setting.WITHOUT_REDIS, List.of("local", "deny"))),
            read.count(Setting.EVENT_LOOPS, 0, 1024),
            new Sizes(
                read.size(Setting.MAX_BODY, 1, 1L << 30),
                read.size(Setting.MAX_BUFFERED, 1, 1L << 40),
                (int) read.size(Setting.MAX_HEADER_BYTES, 1024, 1 << 20),
                read.count(Setting.MAX_HEADER_LINES, 8, 10_000)),
            new Timeouts(
                read.duration(Setting.REQUEST_TIMEOUT),
                read.duration(Setting.IDLE_TIMEOUT),
                read.duration(Setting.DRAIN_TIMEOUT),
                read.duration(Setting.MAX_KEY_AGE)),
            read.duration(Setting.REQUEST_RETENTION),
            new Upstreams(
                read.urls(Setting.PROVIDER_URLS),
                read.path(Setting.UPSTREAM_CA),
                read.path(Setting.MODELS_FILE)),
            new Logs(
                read.oneOf(Setting.LOG_LEVEL, List.of("error", "warn", "info", "debug")),
                read.oneOf(Setting.LOG_FORMAT, List.of("text", "json")).equals("json")),
            read.flag(Setting.DEMO));
    checkPairs(read, settings);
    read.throwProblems();
    return settings;
  }

  private static void checkPairs(SettingReader read, ServerSettings settings) {
    read.together(Setting.TLS_CERT, Setting.TLS_KEY);
    read.together(Setting.CONTROL_TLS_CERT, Setting.CONTROL_TLS_KEY);
    boolean isRedisUrl =
        settings.counting().redisUrl().stream()
            .allMatch(url -> url.reveal().matches("rediss?://[^/ ].*"));
    if (!isRedisUrl) {
      read.problem(Setting.REDIS_URL, "expected redis://host:port, or rediss:// for TLS");
    }
    if (settings.proxies().protocol().equals("required")
        && settings.proxies().trusted().isEmpty()) {
      read.problem(Setting.PROXY_PROTOCOL, "needs trusted-proxies beside it");
    }
    boolean loopback = settings.control().address().getAddress().isLoopbackAddress();
    boolean tls = settings.control().tlsCert().isPresent();
    if (!loopback && !tls && !read.flag(Setting.INSECURE_CONTROL)) {
      read.problem(
          Setting.CONTROL_LISTEN,
          "the control API would be served in clear text beyond this machine: give"
              + " --control-tls-cert and --control-tls-key, or --insecure-control if something in"
              + " front of it speaks TLS");
    }
  }
}
