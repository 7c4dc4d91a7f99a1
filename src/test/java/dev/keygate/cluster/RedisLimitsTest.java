package dev.keygate.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ratelimit.BucketHash;
import dev.keygate.ratelimit.BucketKey;
import dev.keygate.ratelimit.Limit;
import dev.keygate.ratelimit.Limiter;
import dev.keygate.ratelimit.LocalLimits;
import dev.keygate.ratelimit.Verdict;
import dev.keygate.ratelimit.Verdict.Decision;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import redis.embedded.RedisServer;

/** Two nodes on one Redis, which is a real one. */
class RedisLimitsTest {
  private static final Limit MINUTE = new Limit("test", Duration.ofMinutes(1));

  private final BucketHash hash = new BucketHash(new byte[16]);
  private final List<Vertx> runtimes = new ArrayList<>();
  private RedisServer redis;
  private int port;

  @BeforeEach
  void startRedis() throws Exception {
    port = freePort();
    redis = redis();
    redis.start();
  }

  @AfterEach
  void stop() throws Exception {
    for (Vertx vertx : runtimes) {
      await(vertx.close());
    }
    redis.stop();
  }

  @Test
  void twoNodesTogetherAdmitExactlyTheCapacity() throws Exception {
    RedisLimits one = node("one", WithoutRedis.DENY);
    RedisLimits other = node("other", WithoutRedis.DENY);
    BucketKey client = hash.of("client");
    List<Future<Decision>> decisions = new ArrayList<>();
    Limiter first = one.limiter(MINUTE);
    Limiter second = other.limiter(MINUTE);
    for (int i = 0; i < 500; i++) {
      decisions.add(decision(first.take(client, 1, 100)));
      decisions.add(decision(second.take(client, 1, 100)));
    }
    await(Future.all(decisions));
    assertThat(decisions.stream().filter(each -> each.result().admitted())).hasSize(100);
    assertThat(one.decidedWithoutRedis() + other.decidedWithoutRedis()).isZero();
    Decision refused = take(first, client, 1, 100);
    assertThat(refused.remaining()).isZero();
    assertThat(refused.retryAfterSeconds()).isBetween(50, 60);
  }

  @Test
  void whatIsGivenBackIsThereForTheOtherNode() throws Exception {
    Limiter one = node("one", WithoutRedis.DENY).limiter(MINUTE);
    Limiter other = node("other", WithoutRedis.DENY).limiter(MINUTE);
    BucketKey client = hash.of("client");
    Decision reserved = take(one, client, 80, 100);
    assertThat(take(other, client, 30, 100).admitted()).isFalse();
    one.settle(client, reserved.stamp(), 80, 10);
    // Asked on the same connection pool after it was sent, and so decided after it.
    assertThat(take(one, client, 1, 100).admitted()).isTrue();
    assertThat(take(other, client, 89, 100).admitted()).isTrue();
    assertThat(take(other, client, 1, 100).admitted()).isFalse();
    assertThat(take(other, client, 101, 100).waitNanos()).isEqualTo(MINUTE.window().toNanos());
  }

  @Test
  void aPlaceIsFreeWhenItsWindowHasPassed() throws Exception {
    Limiter limiter =
        node("one", WithoutRedis.DENY).limiter(new Limit("short", Duration.ofMillis(300)));
    BucketKey client = hash.of("client");
    assertThat(take(limiter, client, 2, 2).admitted()).isTrue();
    Decision refused = take(limiter, client, 1, 2);
    assertThat(refused.admitted()).isFalse();
    Vertx vertx = runtimes.getFirst();
    await(vertx.timer(refused.waitNanos() / 1_000_000 + 5, TimeUnit.MILLISECONDS));
    assertThat(take(limiter, client, 2, 2).admitted()).isTrue();
  }

  @Test
  void withoutRedisEachNodeHoldsItsShare() throws Exception {
    RedisLimits one = node("one", WithoutRedis.LOCAL);
    node("other", WithoutRedis.LOCAL);
    await(one.beat());
    assertThat(one.nodes()).isEqualTo(2);
    redis.stop();
    Limiter limiter = one.limiter(MINUTE);
    BucketKey client = hash.of("client");
    int admitted = 0;
    for (int i = 0; i < 200; i++) {
      admitted += take(limiter, client, 1, 100).admitted() ? 1 : 0;
    }
    assertThat(admitted).isEqualTo(50);
    assertThat(one.isUp()).isFalse();
    assertThat(one.decidedWithoutRedis()).isEqualTo(200);
    redis = redis();
    redis.start();
    await(one.beat());
    assertThat(one.isUp()).isTrue();
    assertThat(take(limiter, client, 1, 100).admitted()).isTrue();
  }

  @Test
  void withoutRedisNothingPassesWhereThatIsWanted() throws Exception {
    RedisLimits one = node("one", WithoutRedis.DENY);
    redis.stop();
    Decision refused = take(one.limiter(MINUTE), hash.of("client"), 1, 100);
    assertThat(refused.admitted()).isFalse();
    assertThat(refused.retryAfterSeconds()).isEqualTo(1);
  }

  private RedisLimits node(String name, WithoutRedis otherwise) throws Exception {
    Vertx vertx = Vertx.vertx();
    runtimes.add(vertx);
    RedisLimits limits =
        new RedisLimits(
            vertx,
            new RedisLimits.Address("redis://127.0.0.1:" + port, name, Duration.ofSeconds(20)),
            new LocalLimits(1 << 20, System::nanoTime),
            otherwise,
            hash);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!limits.isUp() && System.nanoTime() < deadline) {
      limits
          .beat()
          .toCompletionStage()
          .toCompletableFuture()
          .handle((up, failure) -> failure == null)
          .get();
    }
    assertThat(limits.isUp()).isTrue();
    return limits;
  }

  private RedisServer redis() {
    return RedisServer.builder()
        .port(port)
        .setting("bind 127.0.0.1")
        .setting("save \"\"")
        .setting("appendonly no")
        .build();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Decision take(Limiter limiter, BucketKey bucket, long amount, long capacity)
      throws Exception {
    return await(decision(limiter.take(bucket, amount, capacity)));
  }

  private static Future<Decision> decision(Verdict verdict) {
    return switch (verdict) {
      case Decision decided -> Future.succeededFuture(decided);
      case Verdict.Pending pending -> pending.decision();
    };
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }
}
