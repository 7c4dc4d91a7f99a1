package dev.keygate.control;

import dev.keygate.store.IdempotencyRow;
import dev.keygate.store.Store;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Repeats of a POST get the first answer. The first call takes the key before it runs, so that of
 * two at a time one runs and the other is told so; the answer is kept without its token.
 */
final class Idempotency {
  private static final Duration KEPT = Duration.ofHours(24);

  /** A call that has not ended after this long was cut off with its process. */
  private static final Duration ABANDONED = Duration.ofMinutes(5);

  private static final int MAX_LENGTH = 255;
  private static final int RUNNING = 0;
  private static final JsonMapper MAPPER = new JsonMapper();

  private final Store store;

  Idempotency(Store store) {
    this.store = store;
  }

  /** Runs {@code action}, or gives back what it answered the first time. */
  Answer once(Call call, String key, byte[] body, Supplier<Answer> action) {
    if (key.length() > MAX_LENGTH) {
      throw ApiError.invalid("Idempotency-Key", "expected at most " + MAX_LENGTH + " characters");
    }
    String actor = call.actor().id();
    String hash = hash(call.operation().id(), body);
    IdempotencyRow claim = new IdempotencyRow(actor, key, hash, RUNNING, "", call.now());
    Optional<IdempotencyRow> earlier = store.write(tables -> claim(tables, claim, call.now()));
    if (earlier.isPresent()) {
      return repeat(earlier.get(), hash);
    }
    try {
      Answer answer = action.get();
      String kept = answer.body().deepCopy().without("token").toString();
      store.write(tables -> {
        tables
            .idempotency()
            .update(new IdempotencyRow(actor, key, hash, answer.status(), kept, call.now()));
        return kept;
      });
      return answer;
    } catch (ApiError e) {
      // Refused, so nothing happened: the next call with this key may be a better one.
      store.write(tables -> {
        tables.idempotency().delete(actor, key);
        return actor;
      });
      throw e;
    }
  }

  /** Takes the key; or the row of whoever took it before. */
  private static Optional<IdempotencyRow> claim(
      Store.Tables tables, IdempotencyRow claim, Instant now) {
    tables.idempotency().deleteBefore(now.minus(KEPT));
    Optional<IdempotencyRow> earlier =
        tables.idempotency().find(claim.actor(), claim.idempotencyKey());
    if (earlier.isPresent() && !isAbandoned(earlier.get(), now)) {
      return earlier;
    }
    tables.idempotency().delete(claim.actor(), claim.idempotencyKey());
    tables.idempotency().insert(claim);
    return Optional.empty();
  }

  private static boolean isAbandoned(IdempotencyRow row, Instant now) {
    return row.status() == RUNNING && row.at().isBefore(now.minus(ABANDONED));
  }

  private static Answer repeat(IdempotencyRow earlier, String hash) {
    if (!earlier.requestHash().equals(hash)) {
      throw ApiError.of(
          422,
          "ERR_KEYGATE_IDEMPOTENCY_KEY_REUSED",
          "The Idempotency-Key was used for another request. Use a new one for each request.");
    }
    if (earlier.status() == RUNNING) {
      throw ApiError.of(
          409,
          "ERR_KEYGATE_IDEMPOTENCY_KEY_RUNNING",
          "A request with this Idempotency-Key is under way. Repeat it in a moment.");
    }
    return new Answer(earlier.status(), (ObjectNode) MAPPER.readTree(earlier.body()));
  }

  private static String hash(String operation, byte[] body) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(operation.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
      return HexFormat.of().formatHex(digest.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
