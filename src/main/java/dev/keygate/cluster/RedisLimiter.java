package dev.keygate.cluster;

import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.Verdict;
import dev.keygate.ratelimit.Verdict.Decision;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.redis.client.Response;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The buckets of one limit, in Redis: one script, one round trip for each decision. */
final class RedisLimiter implements Limiter {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLimiter.class);
  private static final long NANOS_PER_MICRO = 1000;
  private static final long SECOND = 1_000_000_000L;

  private final Limit limit;
  private final long windowMicros;
  private final String prefix;
  private final Shared shared;
  private final Limiter local;

  /**
   * What the limits of a process have in common.
   *
   * @param withoutRedis counts the decisions made without Redis
   */
  record Shared(
      Vertx vertx, RedisLink link, Script script, WithoutRedis otherwise, LongAdder withoutRedis) {}

  /**
   * @param prefix of the keys of its buckets
   * @param local counts while Redis is away
   */
  RedisLimiter(Limit limit, String prefix, Shared shared, Limiter local) {
    this.limit = limit;
    this.windowMicros = limit.window().toNanos() / NANOS_PER_MICRO;
    this.prefix = prefix;
    this.shared = shared;
    this.local = local;
  }

  @Override
  public Limit limit() {
    return limit;
  }

  @Override
  public Verdict take(BucketKey bucket, long amount, long capacity) {
    if (!shared.link().isUp()) {
      return withoutRedis(bucket, amount, capacity);
    }
    // Completed on the caller's event loop, whichever loop the connection to Redis is on.
    Promise<Decision> decision = ((ContextInternal) shared.vertx().getOrCreateContext()).promise();
    shared
        .link()
        .send(redis ->
            shared
                .script()
                .run(
                    redis,
                    prefix + RedisLimits.hex(bucket),
                    windowMicros,
                    stretch(capacity),
                    "take",
                    amount,
                    capacity))
        .onComplete(answer ->
            decision.complete(
                answer.succeeded()
                    ? decision(answer.result())
                    : withoutRedis(bucket, amount, capacity)));
    return new Verdict.Pending(decision.future());
  }

  @Override
  public void settle(BucketKey bucket, long stamp, long counted, long actual) {
    if (!isOfRedis(stamp)) {
      local.settle(bucket, stamp, counted, actual);
      return;
    }
    shared
        .link()
        .send(redis ->
            shared
                .script()
                .run(
                    redis,
                    prefix + RedisLimits.hex(bucket),
                    windowMicros,
                    stretch(Limit.LARGEST_CAPACITY),
                    "settle",
                    stamp >> 1,
                    counted,
                    actual))
        .onFailure(failure -> LOG.debug("what was reserved stays counted: {}", failure.toString()));
  }

  private Decision withoutRedis(BucketKey bucket, long amount, long capacity) {
    shared.withoutRedis().increment();
    return switch (shared.otherwise()) {
      case DENY -> new Decision(false, 0, SECOND, SECOND, 0);
      case LOCAL -> {
        long share = capacity / shared.link().nodes();
        Verdict verdict = local.take(bucket, amount, share);
        yield verdict instanceof Decision decided
            ? new Decision(
                decided.admitted(),
                decided.remaining(),
                decided.waitNanos(),
                decided.resetNanos(),
                decided.stamp() & ~1L)
            : new Decision(false, 0, SECOND, SECOND, 0);
      }
    };
  }

  /** The last bit of a stamp says who counted: 1 for Redis. */
  private static boolean isOfRedis(long stamp) {
    return (stamp & 1) == 1;
  }

  private static Decision decision(Response answer) {
    return new Decision(
        answer.get(0).toLong() == 1,
        answer.get(1).toLong(),
        answer.get(2).toLong() * NANOS_PER_MICRO,
        answer.get(3).toLong() * NANOS_PER_MICRO,
        (answer.get(4).toLong() << 1) | 1);
  }

  private long stretch(long capacity) {
    return capacity <= 64 ? 1 : Math.ceilDiv(windowMicros, 64);
  }
}
