package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.secret.Envelope;
import dev.keygate.secret.Secret;
import dev.keygate.store.ProviderKeyRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** {@code /ai_gateway_provider_keys}. */
final class ProviderKeys implements Resource<ProviderKeyRow> {
  static final String COLLECTION = "ai_gateway_provider_keys";

  /** Keys of one provider that one gateway key may have attached (SPEC.md section 8). */
  private static final int MAX_ATTACHED = 15;

  private final Identifiers identifiers;
  private final Envelope envelope;
  private final Predicate<String> isKnownProvider;
  private final UnaryOperator<String> whySetAside;

  ProviderKeys(
      Identifiers identifiers,
      Envelope envelope,
      Predicate<String> isKnownProvider,
      UnaryOperator<String> whySetAside) {
    this.identifiers = identifiers;
    this.envelope = envelope;
    this.isKnownProvider = isKnownProvider;
    this.whySetAside = whySetAside;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "aigpk";
  }

  @Override
  public String noun() {
    return "provider key";
  }

  @Override
  public Table<ProviderKeyRow> table(Store.Tables tables) {
    return tables.providerKeys();
  }

  @Override
  public String id(ProviderKeyRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(ProviderKeyRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.actor(row.createdBy()));
    shown.set("last_updated_by", Json.actor(row.lastUpdatedBy()));
    shown.put("provider_id", row.providerId());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    String owner = row.gatewayKeyId();
    if (owner == null) {
      shown.putNull("ai_gateway_api_key");
    } else {
      shown.set("ai_gateway_api_key", Json.ref(GatewayKeys.COLLECTION, owner));
    }
    shown.put("display_name", row.displayName());
    Json.putTime(shown, "last_used", row.lastUsed());
    shown.put("set_aside", whySetAside.apply(row.id()));
    return shown;
  }

  @Override
  public Created<ProviderKeyRow> create(Change change) {
    String owner = change.call().text("ai_gateway_api_key_id", "");
    if (!owner.isEmpty() && change.tables().gatewayKeys().find(owner).isEmpty()) {
      throw ApiError.of(
              ErrorCode.GATEWAY_KEY_NOT_FOUND, "There is no AI Gateway API key '" + owner + "'.")
          .with("field", "ai_gateway_api_key_id");
    }
    ProviderKeyRow row = insert(change.body(), owner.isEmpty() ? null : owner, "", change);
    return new Created<>(row, Optional.empty());
  }

  /** Makes a provider key that belongs to a gateway key being made. */
  void attach(ObjectNode body, String gatewayKeyId, String path, Change change) {
    change.created(this, insert(body, gatewayKeyId, path, change));
  }

  @Override
  public ProviderKeyRow update(ProviderKeyRow row, Change change) {
    Call call = change.call();
    return new ProviderKeyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        row.providerId(),
        row.gatewayKeyId(),
        row.sealedValue(),
        row.displayName(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()),
        row.lastUsed());
  }

  private ProviderKeyRow insert(
      ObjectNode body, @Nullable String owner, String path, Change change) {
    String providerId = body.path("provider_id").asString("").toLowerCase(Locale.ROOT);
    if (providerId.isEmpty()) {
      throw FieldCodes.PROVIDER_KEY.missing("provider_id", path + "provider_id");
    }
    if (!isKnownProvider.test(providerId)) {
      throw ApiError.inField(
          ErrorCode.UNKNOWN_PROVIDER,
          path + "provider_id",
          "unknown provider '" + providerId + "'");
    }
    Secret value = Secret.of(body.path("value").asString("").strip());
    if (value.isEmpty()) {
      throw FieldCodes.PROVIDER_KEY.missing("value", path + "value");
    }
    if (!value.reveal().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      throw ApiError.invalid(
          path + "value", "expected visible ASCII characters only: it is sent in a header");
    }
    if (owner != null) {
      checkCount(providerId, owner, change.tables());
    }
    String id = identifiers.next("aigpk");
    ProviderKeyRow row =
        new ProviderKeyRow(
            id,
            change.now(),
            change.now(),
            change.actor(),
            change.actor(),
            providerId,
            owner,
            envelope.seal(value, id),
            displayName(value),
            body.path("description").asString(""),
            body.path("metadata").asString(""),
            null);
    change.tables().providerKeys().insert(row);
    return row;
  }

  private static void checkCount(String providerId, String owner, Store.Tables tables) {
    long attached =
        tables.providerKeys().attachedTo(owner).stream()
            .filter(key -> key.providerId().equals(providerId))
            .count();
    if (attached >= MAX_ATTACHED) {
      throw ApiError.of(
          ErrorCode.TOO_MANY_PROVIDER_KEYS,
          "The gateway key has "
              + MAX_ATTACHED
              + " keys of provider '"
              + providerId
              + "' already, and may have no more. Delete one first.");
    }
  }

  /** Enough to tell keys apart, and in no case most of one. */
  static String displayName(Secret value) {
    String text = value.reveal();
    if (text.length() >= 24) {
      return text.substring(0, 10) + "***" + text.substring(text.length() - 4);
    }
    return text.length() >= 12 ? "***" + text.substring(text.length() - 4) : "***";
  }
}
