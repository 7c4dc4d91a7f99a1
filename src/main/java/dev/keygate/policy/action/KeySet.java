package dev.keygate.policy.action;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that one issuer publishes, as last seen. Shared by all event loops.
 *
 * <p>They are fetched when first needed, again behind the requests once they are {@value
 * #FRESH_MINUTES} minutes old, and at once when a token names a key that is not among them, but not
 * sooner than {@value #PAUSE_SECONDS} s after the last time: strangers who invent key ids make no
 * storm. One fetch serves all who wait. While the issuer is away, the keys it had go on counting.
 */
final class KeySet {
  private static final Logger LOG = LoggerFactory.getLogger(KeySet.class);
  private static final long FRESH_MINUTES = 15;
  private static final long PAUSE_SECONDS = 30;

  /** As long as nothing is known, requests are refused: asked again sooner. */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(2);

  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int MAX_BYTES = 256 * 1024;

  private final String url;
  private final HttpCall http;
  private final LongSupplier nanoTime;
  private final AtomicReference<State> state =
      new AtomicReference<>(new State(null, 0, null, null));

  /**
   * @param keys null as long as they were never fetched
   * @param fetchedAt when {@code keys} came
   * @param askedAt when they were last asked for, or null
   * @param underWay the fetch that is running
   */
  private record State(
      @Nullable List<SigningKey> keys,
      long fetchedAt,
      @Nullable Long askedAt,
      @Nullable Promise<Void> underWay) {}

  KeySet(String url, HttpCall http, LongSupplier nanoTime) {
    this.url = url;
    this.http = http;
    this.nanoTime = nanoTime;
  }

  /** The keys as last seen, or null when they never were. */
  @Nullable List<SigningKey> keys() {
    return state().keys();
  }

  /** Fetches them behind the requests when they have become old. */
  void freshen() {
    State now = state();
    if (now.keys() != null
        && nanoTime.getAsLong() - now.fetchedAt() > Duration.ofMinutes(FRESH_MINUTES).toNanos()) {
      refresh();
    }
  }

  /**
   * Fetches them now, or joins a fetch that runs.
   *
   * @return completes when that has ended, well or not; null when it is too soon to ask again
   */
  @Nullable Future<Void> refresh() {
    while (true) {
      State seen = state();
      if (seen.underWay() != null) {
        return seen.underWay().future();
      }
      long now = nanoTime.getAsLong();
      Duration pause = seen.keys() == null ? FIRST_PAUSE : Duration.ofSeconds(PAUSE_SECONDS);
      if (seen.askedAt() != null && now - seen.askedAt() < pause.toNanos()) {
        return null;
      }
      Promise<Void> ended = Promise.promise();
      if (state.compareAndSet(seen, new State(seen.keys(), seen.fetchedAt(), now, ended))) {
        fetch(ended);
        return ended.future();
      }
    }
  }

  private State state() {
    return Objects.requireNonNull(state.get());
  }

  private void fetch(Promise<Void> ended) {
    MultiMap headers =
        MultiMap.caseInsensitiveMultiMap()
            .set("accept", "application/jwk-set+json, application/json");
    HttpCall.Request request =
        new HttpCall.Request("GET", url, headers, Buffer.buffer(), TIMEOUT, 0);
    http.send(request, MAX_BYTES)
        .map(KeySet::read)
        .onComplete((keys, failure) -> {
          if (failure != null) {
            LOG.warn("signing keys of {} were not had: {}", url, failure.getMessage());
          }
          state.updateAndGet(was ->
              keys == null
                  ? new State(was.keys(), was.fetchedAt(), was.askedAt(), null)
                  : new State(keys, nanoTime.getAsLong(), was.askedAt(), null));
          ended.complete();
        });
  }

  private static List<SigningKey> read(HttpCall.Answer answer) {
    if (answer.status() != 200) {
      throw new IllegalArgumentException("answered with status " + answer.status());
    }
    try {
      return SigningKey.set(answer.body().toString(StandardCharsets.UTF_8));
    } catch (ParseException malformed) {
      throw new IllegalArgumentException("the answer is no key set", malformed);
    }
  }

  /** Has whoever waits go on where it waits, whichever event loop did the work. */
  static Future<Void> here(Future<Void> elsewhere) {
    Context context = Vertx.currentContext();
    if (context == null) {
      return elsewhere;
    }
    Promise<Void> here = Promise.promise();
    elsewhere.onComplete(ended -> context.runOnContext(now -> here.handle(ended)));
    return here.future();
  }
}
