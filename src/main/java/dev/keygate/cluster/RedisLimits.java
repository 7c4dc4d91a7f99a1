package dev.keygate.cluster;

import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.Limits;
import dev.keygate.ratelimit.LocalLimits;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.LongAdder;

/**
 * Limits that are counted in one Redis or Valkey for all nodes that use it, and by each node while
 * it is away. What was counted in one place is not known in the other: a window in which Redis went
 * away or came back may hold up to twice the capacity.
 */
public final class RedisLimits implements Limits, AutoCloseable {
  private static final HexFormat HEX = HexFormat.of();

  private final Vertx vertx;
  private final RedisLink link;
  private final LocalLimits local;
  private final WithoutRedis otherwise;
  private final BucketHash hash;
  private final Script bucketScript = Script.load("bucket.lua");
  private final LongAdder withoutRedis = new LongAdder();

  /**
   * Where Redis is.
   *
   * @param url {@code redis://[:password@]host[:port][/database]}, or {@code rediss://} for TLS
   * @param node names this process among those that share the limits
   * @param patience longest wait for an answer
   */
  public record Address(String url, String node, Duration patience) {
    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
      return "Address[" + node + "]";
    }
  }

  /**
   * Begins to look for Redis; nothing waits for it.
   *
   * @param local counts while Redis is away
   * @param hash names limits and buckets, keyed alike on all nodes
   */
  public RedisLimits(
      Vertx vertx, Address address, LocalLimits local, WithoutRedis otherwise, BucketHash hash) {
    this.vertx = vertx;
    this.link = new RedisLink(vertx, address.url(), address.node(), address.patience());
    this.local = local;
    this.otherwise = otherwise;
    this.hash = hash;
    link.beat();
  }

  @Override
  public Limiter limiter(Limit limit) {
    BucketKey name = hash.start().text(limit.name()).word(limit.window().toNanos()).finish();
    String prefix = "keygate:limit:" + hex(name) + ':';
    return new RedisLimiter(
        limit,
        prefix,
        new RedisLimiter.Shared(vertx, link, bucketScript, otherwise, withoutRedis),
        local.limiter(limit));
  }

  /** Whether Redis answered the last time it was asked. */
  public boolean isUp() {
    return link.isUp();
  }

  /** How many nodes share the limits, as far as this one knows. */
  public long nodes() {
    return link.nodes();
  }

  /** How many decisions were made without Redis. */
  public long decidedWithoutRedis() {
    return withoutRedis.sum();
  }

  /** Tries Redis now instead of at the next heartbeat; completes when it is known to be up. */
  Future<Void> beat() {
    return link.beat();
  }

  static String hex(BucketKey key) {
    return HEX.toHexDigits(key.high()) + HEX.toHexDigits(key.low());
  }

  @Override
  public void close() {
    link.close();
  }
}
