package dev.keygate.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Response;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to Redis. Once a connection or a heartbeat failed, Redis is taken for away, so that no
 * request waits for it, until a heartbeat gets through. Safe for use from every event loop.
 */
final class RedisLink implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final long HEARTBEAT_MILLIS = 1000;
  private static final String NODES = "keygate:nodes";
  private static final int MOST_CONNECTIONS = 16;
  private static final int MOST_WAITING = 10_000;

  private final Vertx vertx;
  private final Redis redis;
  private final String node;
  private final Duration patience;
  private final Script nodesScript = Script.load("nodes.lua");
  private final long timer;
  private volatile boolean up;
  private volatile long nodes = 1;

  /**
   * @param node names this process among those that share the limits
   * @param patience longest wait for an answer
   */
  RedisLink(Vertx vertx, String url, String node, Duration patience) {
    this.vertx = vertx;
    this.node = node;
    this.patience = patience;
    this.redis =
        Redis.createClient(
            vertx,
            new RedisOptions()
                .setConnectionString(url)
                .setMaxPoolSize(MOST_CONNECTIONS)
                .setMaxPoolWaiting(MOST_WAITING)
                .setMaxWaitingHandlers(MOST_WAITING));
    this.timer = vertx.setPeriodic(HEARTBEAT_MILLIS, tick -> beat());
  }

  boolean isUp() {
    return up;
  }

  /** How many nodes were alive when Redis last answered, this one among them; at least 1. */
  long nodes() {
    return nodes;
  }

  /** Tells the others that this node is alive, and learns how many they are. */
  Future<Void> beat() {
    return send(client -> nodesScript.run(client, NODES, node))
        .onFailure(this::away)
        .onSuccess(alive -> {
          nodes = Math.max(1, alive.toLong());
          if (!up) {
            up = true;
            LOG.info("Redis answers; nodes that share limits: {}", nodes);
          }
        })
        .mapEmpty();
  }

  /** Sends something; the future fails when there is no answer in time. */
  Future<Response> send(Function<Redis, Future<Response>> command) {
    return command
        .apply(redis)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .onFailure(this::failed);
  }

  /** One late answer says little; if the next heartbeat is late too, Redis is away. */
  private void failed(Throwable failure) {
    if (!(failure instanceof TimeoutException)) {
      away(failure);
    }
  }

  private void away(Throwable failure) {
    if (up) {
      up = false;
      LOG.warn("Redis does not answer; limits are held without it: {}", failure.toString());
    }
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    redis.close().toCompletionStage().toCompletableFuture().join();
  }
}
