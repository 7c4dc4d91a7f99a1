package dev.keygate.server;

import dev.keygate.cluster.RedisLimits;
import dev.keygate.cluster.WithoutRedis;
import dev.keygate.identifier.Identifiers;
import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.LocalLimits;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.secret.Envelope;
import dev.keygate.secret.Secret;
import dev.keygate.telemetry.Metrics;
import io.vertx.core.Vertx;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Sets up where rate limits are counted: in this process, or in one Redis for all nodes. */
final class Counting {
  private static final Duration EVERY_TEN_SECONDS = Duration.ofSeconds(10);

  /** Of the heap, an eighth may hold what clients are counted with. */
  private static final int SHARE_OF_HEAP = 8;

  /** How long a request waits for Redis to decide about it. */
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private static final int HASH_KEY_BYTES = 16;

  private final Vertx vertx;
  private final Envelope envelope;
  private final Identifiers identifiers;
  private final Metrics metrics;

  Counting(Vertx vertx, Envelope envelope, Identifiers identifiers, Metrics metrics) {
    this.vertx = vertx;
    this.envelope = envelope;
    this.identifiers = identifiers;
    this.metrics = metrics;
  }

  RateLimits start(ServerSettings.Counting settings, Closing parts) {
    LocalLimits local =
        new LocalLimits(Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP, System::nanoTime);
    metrics.gauge("keygate.limit.buckets", "Rate limit buckets in memory", local::buckets);
    parts.add(PeriodicTask.start("limit-buckets", EVERY_TEN_SECONDS, local::sweep));
    return settings
        .redisUrl()
        .map(url -> shared(url, settings, local, parts))
        .orElseGet(() -> new RateLimits(local, BucketHash.random(new SecureRandom())));
  }

  private RateLimits shared(
      Secret url, ServerSettings.Counting settings, LocalLimits local, Closing parts) {
    // Nodes name the same bucket alike; who reads Redis without the master key cannot.
    byte[] key = Arrays.copyOf(envelope.derivedKey("rate limit buckets"), HASH_KEY_BYTES);
    BucketHash hash = new BucketHash(key);
    WithoutRedis otherwise = WithoutRedis.valueOf(settings.withoutRedis().toUpperCase(Locale.ROOT));
    RedisLimits limits =
        parts.add(
            new RedisLimits(
                vertx,
                new RedisLimits.Address(url.reveal(), identifiers.next("node"), PATIENCE),
                local,
                otherwise,
                hash));
    metrics.gauge(
        "keygate.redis.up",
        "1 while Redis counts the limits, 0 while nodes do",
        () -> limits.isUp() ? 1 : 0);
    metrics.gauge("keygate.redis.nodes", "Nodes that share the limits", limits::nodes);
    metrics.gauge(
        "keygate.limit.decisions.without.redis",
        "Decisions made while Redis did not answer",
        limits::decidedWithoutRedis);
    return new RateLimits(limits, hash);
  }
}
