package dev.keygate.control;

import dev.keygate.identifier.Base62;
import dev.keygate.store.ManagementKeyRow;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is signed in to the dashboard, in the memory of this node alone: a restart signs everybody
 * out. Sessions are found by the SHA-256 of their random name, so that neither a dump of this map
 * nor the time that a look-up takes yields one. Safe for use from any thread.
 */
final class DashboardSessions {
  static final Duration IDLE = Duration.ofHours(1);
  static final Duration LONGEST = Duration.ofHours(12);
  static final int MOST = 1000;
  static final int MOST_OF_ONE_KEY = 20;
  private static final int NAME_LENGTH = 43;

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Session> sessions = new LinkedHashMap<>();

  /**
   * One browser that is signed in.
   *
   * @param keyId of the management key it was opened with
   * @param tokenHash of that key then
   * @param role that key had then
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Session(String keyId, byte[] tokenHash, String role, Instant opened, Instant used) {
    boolean isOver(Instant now) {
      return !now.isBefore(opened.plus(LONGEST)) || !now.isBefore(used.plus(IDLE));
    }

    /** Whether the key is what it was: a session ends when its key's role or token changes. */
    boolean isOf(ManagementKeyRow key) {
      return role.equals(key.role()) && MessageDigest.isEqual(tokenHash, key.tokenHash());
    }

    private Session usedAt(Instant now) {
      return new Session(keyId, tokenHash, role, opened, now);
    }
  }

  /** Signs a browser in; gives the session's name, which is in no other place. */
  synchronized String open(ManagementKeyRow key, Instant now) {
    sessions.values().removeIf(session -> session.isOver(now));
    endOldest(key.id(), MOST_OF_ONE_KEY);
    endOldest(null, MOST);
    String name = Base62.random(random, NAME_LENGTH);
    sessions.put(
        stored(name), new Session(key.id(), key.tokenHash().clone(), key.role(), now, now));
    return name;
  }

  /** The session, used now once more; empty when there is none, or it is over. */
  synchronized Optional<Session> use(String name, Instant now) {
    Session session = sessions.get(stored(name));
    if (session == null) {
      return Optional.empty();
    }
    if (session.isOver(now)) {
      sessions.remove(stored(name));
      return Optional.empty();
    }
    sessions.put(stored(name), session.usedAt(now));
    return Optional.of(session);
  }

  synchronized void end(String name) {
    sessions.remove(stored(name));
  }

  /** Makes room for one more of the key, or of all together, by ending the one opened first. */
  private void endOldest(@Nullable String keyId, int most) {
    var mine =
        sessions.entrySet().stream()
            .filter(entry -> keyId == null || entry.getValue().keyId().equals(keyId))
            .map(Map.Entry::getKey)
            .toList();
    if (mine.size() >= most) {
      sessions.remove(mine.getFirst());
    }
  }

  private static String stored(String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(name.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
