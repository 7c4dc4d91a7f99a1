package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A user name and a password as a request presents them (RFC 7617). */
final class BasicCredentials {
  private static final String SCHEME = "Basic ";

  /** Enough for a password of 128 characters, whatever the alphabet, and a long user name. */
  private static final int MAX_ENCODED = 2048;

  private static final int MIN_PASSWORD = 8;
  private static final int MAX_PASSWORD = 128;

  private final byte[] decoded;

  private BasicCredentials(byte[] decoded) {
    this.decoded = decoded;
  }

  /**
   * What a request carries in {@code Authorization}, or null when that is no user name and
   * password. Two such lines count as none: readers differ in which one they believe.
   */
  static @Nullable BasicCredentials of(MultiMap headers) {
    List<String> lines = headers.getAll("authorization");
    if (lines.size() != 1) {
      return null;
    }
    String line = lines.getFirst().strip();
    if (!line.regionMatches(true, 0, SCHEME, 0, SCHEME.length()) || line.length() > MAX_ENCODED) {
      return null;
    }
    try {
      String encoded = line.substring(SCHEME.length()).strip();
      byte[] decoded = Base64.getDecoder().decode(encoded);
      // One spelling: who could write the same in several ways would be several to a rate limit.
      boolean isCanonical = Base64.getEncoder().encodeToString(decoded).equals(encoded);
      return isCanonical && colon(decoded) >= 0 ? new BasicCredentials(decoded) : null;
    } catch (IllegalArgumentException malformed) {
      return null;
    }
  }

  /** What is wrong with credentials in a policy, without repeating them; null when nothing is. */
  static @Nullable String problem(String credentials) {
    int colon = credentials.indexOf(':');
    if (colon < 0) {
      return "no colon: expected user:password";
    }
    int length = credentials.length() - colon - 1;
    return length < MIN_PASSWORD || length > MAX_PASSWORD
        ? "a password of " + length + " characters: expected 8 to 128"
        : null;
  }

  /** The part before the first colon. */
  String userName() {
    return new String(decoded, 0, colon(decoded), StandardCharsets.UTF_8);
  }

  /**
   * Whether these are among those that may pass. All are compared, each in a time that depends on
   * neither, so that the time tells nothing.
   *
   * @throws EvaluationException if an expression gives no usable credentials
   */
  boolean areAmong(List<Template> allowed, Exchange exchange) {
    byte[] presented = digest(decoded);
    boolean found = false;
    for (Template template : allowed) {
      String text = template.render(exchange);
      String wrong = problem(text);
      if (wrong != null) {
        throw new EvaluationException("basic-auth: " + wrong);
      }
      found |= MessageDigest.isEqual(presented, digest(text.getBytes(StandardCharsets.UTF_8)));
    }
    return found;
  }

  private static int colon(byte[] bytes) {
    for (int at = 0; at < bytes.length; at++) {
      if (bytes[at] == ':') {
        return at;
      }
    }
    return -1;
  }

  private static byte[] digest(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
