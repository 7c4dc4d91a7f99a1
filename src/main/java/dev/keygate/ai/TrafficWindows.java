package dev.keygate.ai;

import dev.keygate.ai.AttemptResult.Answered;
import dev.keygate.ai.AttemptResult.Failed;
import dev.keygate.ai.RollingWindow.Ending;
import dev.keygate.ai.RollingWindow.Snapshot;
import dev.keygate.ai.RollingWindow.Timed;
import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.key.GatewayKey;
import dev.keygate.live.ProviderKey;
import io.vertx.core.MultiMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * What attempts of the last minutes came to, for each model: in all, for an endpoint, for a key;
 * and for each provider key what the provider last said about its quota. Kept only once a strategy
 * was compiled that may read it. Bounded; safe for use by all event loops.
 */
public final class TrafficWindows {
  /** Most windows, of about 8 kB each. Beyond them nothing is kept of what is new. */
  private static final int MOST = 4_000;

  private static final String ALL = "";

  /** What a window is about. */
  private record Series(String scope, String provider, String model) {}

  private final Map<Series, RollingWindow> windows = new ConcurrentHashMap<>();
  private final Map<String, Quota> quotas = new ConcurrentHashMap<>();
  private final AtomicLong sweptMinute = new AtomicLong(Long.MIN_VALUE);
  private volatile boolean isRead;

  /** Begins to keep what is asked for from now on. */
  void keep() {
    isRead = true;
  }

  boolean isKept() {
    return isRead;
  }

  /** Notes how an attempt ended. */
  void ended(Exchange exchange, Attempt attempt, AttemptResult result, Times times) {
    if (!isRead) {
      return;
    }
    Ending ending = ending(result);
    if (ending == null) {
      return;
    }
    Candidate candidate = attempt.candidate();
    boolean isStream =
        result instanceof Answered answered && answered.body() instanceof ResponseBody.Streamed;
    note(ALL, candidate, ending, times, isStream);
    Endpoint endpoint = exchange.endpoint();
    if (endpoint != null) {
      note(endpoint.id(), candidate, ending, times, isStream);
    }
    GatewayKey gatewayKey = exchange.key();
    if (gatewayKey != null) {
      note(gatewayKey.id(), candidate, ending, times, isStream);
    }
    ProviderKey key = attempt.key();
    if (key != null) {
      note(key.id(), candidate, ending, times, isStream);
      note(key.id(), new Series(key.id(), candidate.provider().id(), ""), ending, times, isStream);
      noteQuota(key.id(), result);
    }
  }

  /**
   * When things happened, in nanoseconds.
   *
   * @param gateway from the request to the attempt; negative when it was not the first
   * @param upstream from the attempt to its first byte, or to its end when it was whole at once
   */
  record Times(long gateway, long upstream, long now) {}

  /** A model's window in all. */
  Snapshot of(Candidate candidate, long now) {
    return in(ALL, candidate, now);
  }

  /** A model's window at an endpoint. */
  Snapshot at(@Nullable Endpoint endpoint, Candidate candidate, long now) {
    return endpoint == null ? Snapshot.EMPTY : in(endpoint.id(), candidate, now);
  }

  /** A model's windows by the keys, of gateway and providers, that were used for it lately. */
  Map<String, Snapshot> byKey(Candidate candidate, long now) {
    Map<String, Snapshot> found = new LinkedHashMap<>();
    windows.forEach((series, window) -> {
      boolean isOfKey = !series.scope().isEmpty() && !series.scope().startsWith("ep_");
      if (isOfKey
          && series.provider().equals(candidate.provider().id())
          && series.model().equals(candidate.model())
          && !window.isIdle(now)) {
        found.put(series.scope(), window.snapshot(now));
      }
    });
    return found;
  }

  /** A provider key's window, whatever it was used for. */
  Snapshot of(ProviderKey key, long now) {
    RollingWindow window = windows.get(new Series(key.id(), key.providerId(), ""));
    return window == null ? Snapshot.EMPTY : window.snapshot(now);
  }

  /** What the provider last said about a key's quota. */
  Quota quota(String keyId) {
    return quotas.getOrDefault(keyId, Quota.UNKNOWN);
  }

  private Snapshot in(String scope, Candidate candidate, long now) {
    RollingWindow window =
        windows.get(new Series(scope, candidate.provider().id(), candidate.model()));
    return window == null ? Snapshot.EMPTY : window.snapshot(now);
  }

  private void note(
      String scope, Candidate candidate, Ending ending, Times times, boolean isStream) {
    Series series = new Series(scope, candidate.provider().id(), candidate.model());
    note(scope, series, ending, times, isStream);
  }

  private void note(String scope, Series series, Ending ending, Times times, boolean isStream) {
    RollingWindow window = window(series, times.now());
    if (window == null) {
      return;
    }
    window.count(ending, times.now());
    window.time(Timed.UPSTREAM, times.upstream(), times.now());
    if (times.gateway() >= 0 && scope.isEmpty()) {
      window.time(Timed.GATEWAY, times.gateway(), times.now());
    }
    if (isStream) {
      window.time(Timed.FIRST_TOKEN, times.upstream(), times.now());
    }
  }

  private @Nullable RollingWindow window(Series series, long now) {
    RollingWindow known = windows.get(series);
    if (known != null) {
      return known;
    }
    if (windows.size() >= MOST) {
      sweep(now);
      if (windows.size() >= MOST) {
        return null;
      }
    }
    return windows.computeIfAbsent(series, added -> new RollingWindow());
  }

  /** Takes out what is idle; once a minute at most, since it looks at everything. */
  private void sweep(long now) {
    long minute = Math.floorDiv(now, RollingWindow.SLOT_NANOS);
    long before = sweptMinute.get();
    if (before != minute && sweptMinute.compareAndSet(before, minute)) {
      windows.values().removeIf(window -> window.isIdle(now));
    }
  }

  private void noteQuota(String keyId, AttemptResult result) {
    if (!(result instanceof Answered answered) || quotas.size() >= MOST) {
      return;
    }
    MultiMap headers = answered.headers();
    Quota quota = Quota.of(headers);
    if (!quota.equals(Quota.UNKNOWN)) {
      quotas.put(keyId, quota);
    }
  }

  /** How a result counts; null when it says nothing about the provider. */
  private static @Nullable Ending ending(AttemptResult result) {
    return switch (result) {
      case Answered answered -> {
        int status = answered.status();
        yield status < 400
            ? Ending.SUCCESS
            : status == 429 ? Ending.RATE_LIMIT : status < 500 ? Ending.CLIENT : Ending.SERVER;
      }
      case Failed failed ->
          switch (failed.cause()) {
            case UNREACHABLE, BROKEN -> Ending.SERVER;
            case TIMEOUT, TOTAL_TIMEOUT -> Ending.TIMEOUT;
            case CANCELLED, NO_ROOM -> null;
          };
    };
  }
}
