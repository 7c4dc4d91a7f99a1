package dev.keygate.key;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that were rotated out or deleted, by lookup id, and how often each was refused since.
 * Bounded: beyond {@value #MOST} the ones that came first go, unless they are still good. Only who
 * holds a whole token is counted, so that nobody can fill the map with made-up ones. One thread
 * publishes; any thread reads.
 */
public final class RetiredTokens {
  /** How many are kept that are good no more. */
  public static final int MOST = 10_000;

  private final ConcurrentHashMap<String, RetiredToken> byLookupId = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, Refusals> pending = new ConcurrentHashMap<>();
  private final LongAdder refusals = new LongAdder();
  private final Deque<String> order = new ArrayDeque<>(); // of the publishing thread
  private final InstantSource clock;

  RetiredTokens(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * How often a token was refused.
   *
   * @param last the second in which it was for the last time
   */
  public record Refusals(long count, Instant last) {
    /** Both together. */
    public Refusals plus(Refusals other) {
      return new Refusals(count + other.count, last.isBefore(other.last) ? other.last : last);
    }
  }

  /** Adds a token, or replaces what was known of it. */
  public void put(RetiredToken token) {
    if (byLookupId.put(token.lookupId(), token) == null) {
      order.add(token.lookupId());
    }
    Instant now = clock.instant();
    for (int left = order.size(); left > 0 && byLookupId.size() > MOST; left--) {
      String oldest = order.remove();
      RetiredToken known = byLookupId.get(oldest);
      if (known != null && known.isGood(now)) {
        order.add(oldest);
      } else {
        byLookupId.remove(oldest);
      }
    }
  }

  /** The token that was presented, when the whole of it fits. */
  @Nullable RetiredToken find(KeyToken presented) {
    RetiredToken token = byLookupId.get(presented.lookupId());
    return token != null && token.hash().matches(presented.hash()) ? token : null;
  }

  /** Notes that a token was presented and refused. */
  void refused(RetiredToken token, Instant now) {
    refusals.increment();
    restore(token.lookupId(), new Refusals(1, Instant.ofEpochSecond(now.getEpochSecond())));
  }

  /** Notes refusals that could not be written. */
  public void restore(String lookupId, Refusals more) {
    pending.merge(lookupId, more, Refusals::plus);
  }

  /** Refusals noted since the last call, by lookup id. */
  public Map<String, Refusals> drain() {
    Map<String, Refusals> taken = new HashMap<>();
    for (String lookupId : pending.keySet()) {
      Refusals noted = pending.remove(lookupId);
      if (noted != null) {
        taken.put(lookupId, noted);
      }
    }
    return taken;
  }

  /** Refusals since this node started. */
  public long refusals() {
    return refusals.sum();
  }
}
