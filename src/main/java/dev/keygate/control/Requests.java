package dev.keygate.control;

import dev.keygate.store.RequestBatchRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /requests}: what happened to each request (SPEC.md section 13). Only ever read. */
final class Requests implements Resource<RequestRecord> {
  private static final String COLLECTION = "requests";

  /** Times stay in a range that milliseconds can count. */
  private static final Instant ALWAYS = Instant.ofEpochSecond(253_402_300_799L);

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "req";
  }

  @Override
  public String noun() {
    return "request";
  }

  @Override
  public Table<RequestRecord> table(Store.Tables tables) {
    return new RequestHistory(tables.requests(), batch -> true, record -> true);
  }

  @Override
  public String id(RequestRecord record) {
    return record.id();
  }

  /** The list that a call asks for. */
  Lists.Source<RequestRecord> asked(Call call) {
    Instant since = Period.instant(call, "since", Instant.EPOCH);
    Instant until = Period.instant(call, "until", ALWAYS);
    Predicate<RequestBatchRow> isNear =
        batch -> !batch.lastAt().isBefore(since) && batch.firstAt().isBefore(until);
    Predicate<RequestRecord> isWanted = wanted(call.query());
    Predicate<RequestRecord> isThen =
        record ->
            record.startMillis() >= since.toEpochMilli()
                && record.startMillis() < until.toEpochMilli();
    return new Lists.Source<>(
        "/" + COLLECTION,
        (tables, beforeId, limit) ->
            new RequestHistory(tables.requests(), isNear, isThen.and(isWanted))
                .page(beforeId, limit));
  }

  private static Predicate<RequestRecord> wanted(Map<String, String> query) {
    Predicate<RequestRecord> wanted = record -> true;
    for (Map.Entry<String, String> asked : query.entrySet()) {
      String value = asked.getValue();
      wanted =
          switch (asked.getKey()) {
            case "endpoint_id" -> wanted.and(record -> record.endpointId().equals(value));
            case "ai_gateway_api_key_id" -> wanted.and(record -> record.keyId().equals(value));
            case "provider" -> wanted.and(record -> provider(record).equals(value));
            case "model" -> wanted.and(record -> model(record).equals(value));
            case "status" -> wanted.and(status(value));
            default -> wanted;
          };
    }
    return wanted;
  }

  /** A status such as 429, or a class of them such as 5xx. */
  private static Predicate<RequestRecord> status(String text) {
    if (text.matches("[1-5]xx")) {
      int statusClass = text.charAt(0) - '0';
      return record -> record.status() / 100 == statusClass;
    }
    if (text.matches("\\d{1,3}")) {
      int status = Integer.parseInt(text);
      return record -> record.status() == status;
    }
    throw ApiError.inField(
        ErrorCode.INVALID_FIELD, "status", "'" + text + "', expected one such as 429 or 5xx");
  }

  private static String provider(RequestRecord record) {
    Routed.Attempt last = record.last();
    return last == null ? "" : last.provider();
  }

  private static String model(RequestRecord record) {
    Routed.Attempt last = record.last();
    return last == null ? "" : last.model();
  }

  @Override
  public ObjectNode fields(RequestRecord record) {
    Routed routed = record.routed();
    ObjectNode shown = Json.object();
    shown.put("id", record.id());
    shown.put("uri", Links.of(COLLECTION, record.id()));
    shown.put("created_at", Instant.ofEpochMilli(record.startMillis()).toString());
    shown.put("status", record.status());
    shown.put("error_code", record.errorCode());
    shown.put("reason", record.reason());
    shown.put("surface", record.surface());
    putRef(shown, "endpoint", "endpoints", record.endpointId());
    putRef(shown, "ai_gateway_api_key", "ai_gateway_api_keys", record.keyId());
    shown.put("client_ip", record.clientIp());
    shown.put("provider", provider(record));
    shown.put("model", model(record));
    shown.put("duration_ms", record.micros() / 1000.0);
    if (record.firstByteMicros() < 0) {
      shown.putNull("first_byte_ms");
    } else {
      shown.put("first_byte_ms", record.firstByteMicros() / 1000.0);
    }
    shown.put("bytes_in", record.bytesIn());
    shown.put("bytes_out", record.bytesOut());
    shown.put("tokens_in", routed.tokens().input());
    shown.put("tokens_out", routed.tokens().output());
    shown.put("tokens", routed.tokens().source().name().toLowerCase(Locale.ROOT));
    if (routed.cost() < 0) {
      shown.putNull("cost_usd");
    } else {
      shown.put("cost_usd", dollars(routed.cost()));
    }
    ArrayNode asked = shown.putArray("models_asked");
    routed.asked().forEach(asked::add);
    ArrayNode candidates = shown.putArray("candidates");
    routed.candidates().forEach(candidate -> candidates.add(candidate(candidate)));
    ArrayNode skips = shown.putArray("skipped_keys");
    routed.skips().forEach(skip -> skips.add(skip(skip)));
    ArrayNode attempts = shown.putArray("attempts");
    routed.attempts().forEach(attempt -> attempts.add(attempt(attempt)));
    return shown;
  }

  private static ObjectNode candidate(Routed.Candidate candidate) {
    return Json.object()
        .put("provider", candidate.provider())
        .put("model", candidate.model())
        .put("fate", candidate.fate());
  }

  private static ObjectNode skip(Routed.Skip skip) {
    return Json.object()
        .put("provider", skip.provider())
        .put("model", skip.model())
        .put("provider_key_id", skip.providerKeyId())
        .put("reason", skip.reason());
  }

  private static ObjectNode attempt(Routed.Attempt attempt) {
    return Json.object()
        .put("provider", attempt.provider())
        .put("model", attempt.model())
        .put("provider_key_id", attempt.providerKeyId())
        .put("status", attempt.status())
        .put("ending", attempt.ending())
        .put("verdict", attempt.verdict())
        .put("start_ms", attempt.startMicros() / 1000.0)
        .put("first_byte_ms", attempt.firstByteMicros() / 1000.0);
  }

  private static void putRef(ObjectNode shown, String field, String collection, String id) {
    if (id.isEmpty()) {
      shown.putNull(field);
    } else {
      shown.set(field, Json.ref(collection, id));
    }
  }

  /** Billionths of a dollar in dollars. */
  static BigDecimal dollars(long billionths) {
    return BigDecimal.valueOf(billionths, 9).stripTrailingZeros();
  }

  @Override
  public Created<RequestRecord> create(Change change) {
    throw ReadOnlyTable.refused();
  }

  @Override
  public RequestRecord update(RequestRecord row, Change change) {
    throw ReadOnlyTable.refused();
  }
}
