package dev.keygate.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.store.IdempotencyRow;
import dev.keygate.store.Store;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Repeats of a POST get the first answer. That answer is written in the transaction of the change
 * itself: either both are there or neither, whatever dies in between; and because writes come one
 * after the other, of two calls at a time the second finds what the first wrote.
 */
final class Idempotency {
  private static final Duration KEPT = Duration.ofHours(24);
  private static final int MAX_LENGTH = 255;
  private static final JsonMapper MAPPER = new JsonMapper();

  private Idempotency() {}

  /**
   * A POST that is to happen once.
   *
   * @param actor the management key that sends it: two keys' tickets never meet
   * @param key the {@code Idempotency-Key}
   * @param requestHash of method, path and body, keyed with the token of the one who sends it: the
   *     store does not hold that, so nobody can find a short secret in a body by trying
   */
  record Ticket(String actor, String key, String requestHash) {

    /** The ticket of a call with this key. */
    static Ticket of(String actor, String key, Request request, byte[] body) {
      if (key.isEmpty()
          || key.length() > MAX_LENGTH
          || !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
        throw ApiError.of(
            ErrorCode.INVALID_IDEMPOTENCY_KEY,
            "Idempotency-Key: expected 1 to " + MAX_LENGTH + " visible ASCII characters");
      }
      String head = request.method() + " " + request.path() + "\n";
      return new Ticket(actor, key, hash(Authentication.token(request).reveal() + head, body));
    }
  }

  /** The answer that a call with this ticket was given before. */
  static Optional<Answer> earlier(Store.Tables tables, Ticket ticket, Instant now) {
    tables.idempotency().deleteBefore(now.minus(KEPT));
    return tables
        .idempotency()
        .find(ticket.actor(), ticket.key())
        .map(row -> {
          if (!row.requestHash().equals(ticket.requestHash())) {
            throw ApiError.of(
                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                "The Idempotency-Key was used for another request within the last 24 hours."
                    + " Use a new one for each request.");
          }
          return Answer.repeated(row.status(), (ObjectNode) MAPPER.readTree(row.body()));
        });
  }

  /** Keeps an answer, which holds no token. */
  static void remember(Store.Tables tables, Ticket ticket, Answer answer, Instant now) {
    tables
        .idempotency()
        .insert(
            new IdempotencyRow(
                ticket.actor(),
                ticket.key(),
                ticket.requestHash(),
                answer.status(),
                answer.body().toString(),
                now));
  }

  private static String hash(String head, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(head.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
