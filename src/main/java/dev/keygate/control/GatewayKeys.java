package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.key.KeyToken;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.RetiredTokenRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /ai_gateway_api_keys}. */
final class GatewayKeys implements Resource<GatewayKeyRow> {
  static final String COLLECTION = "ai_gateway_api_keys";

  private final Identifiers identifiers;
  private final PolicyInspector policies;
  private final ProviderKeys providerKeys;
  private final KeyRotation rotation;
  private final SecureRandom random = new SecureRandom();

  GatewayKeys(Identifiers identifiers, PolicyInspector policies, ProviderKeys providerKeys) {
    this.identifiers = identifiers;
    this.policies = policies;
    this.providerKeys = providerKeys;
    this.rotation = new KeyRotation(identifiers, this);
  }

  KeyRotation rotation() {
    return rotation;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "aigk";
  }

  @Override
  public String noun() {
    return "AI Gateway API key";
  }

  @Override
  public Table<GatewayKeyRow> table(Store.Tables tables) {
    return tables.gatewayKeys();
  }

  @Override
  public String id(GatewayKeyRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(GatewayKeyRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.actor(row.createdBy()));
    shown.set("last_updated_by", Json.actor(row.lastUpdatedBy()));
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.set("endpoint", Json.ref(Endpoints.COLLECTION, row.endpointId()));
    shown.put("display_name", row.displayName());
    Json.putTime(shown, "last_used", row.lastUsed());
    shown.put("disabled", row.disabled());
    Json.putTime(shown, "expires_at", row.expiresAt());
    GatewayKeyLimits.show(row.limits(), shown);
    return shown;
  }

  @Override
  public ObjectNode show(GatewayKeyRow row, Store.Tables tables) {
    ObjectNode shown = fields(row);
    ArrayNode attached = shown.putArray("provider_keys");
    tables
        .providerKeys()
        .attachedTo(row.id())
        .forEach(key -> attached.add(providerKeys.fields(key)));
    tables.retiredTokens().of(row.id()).stream()
        .findFirst()
        .ifPresentOrElse(
            token -> shown.set("previous_token", previous(token)),
            () -> shown.putNull("previous_token"));
    return shown;
  }

  private static ObjectNode previous(RetiredTokenRow token) {
    ObjectNode shown = Json.object();
    shown.put("display_name", token.displayName());
    shown.put("expires_at", Json.time(token.expiresAt()));
    Json.putTime(shown, "last_used", token.lastUsed());
    return shown;
  }

  /** The keys that the call's {@code search} and {@code endpoint_id} leave. */
  Lists.Source<GatewayKeyRow> found(Call call) {
    String text = call.query().getOrDefault("search", "");
    String endpointId = call.query().getOrDefault("endpoint_id", "");
    boolean isId = Identifiers.isIdentifier(prefix(), text);
    return new Lists.Source<>(
        "/" + collection(),
        (tables, beforeId, limit) ->
            isId
                ? tables.gatewayKeys().find(text).stream()
                    .filter(row -> beforeId.isEmpty())
                    .filter(row -> endpointId.isEmpty() || endpointId.equals(row.endpointId()))
                    .toList()
                : tables.gatewayKeys().search(endpointId, text, beforeId, limit));
  }

  /** The key that an action's path names. */
  GatewayKeyRow required(Change change) {
    String id = change.call().id();
    return Optional.of(id)
        .filter(text -> Identifiers.isIdentifier(prefix(), text))
        .flatMap(change.tables().gatewayKeys()::find)
        .orElseThrow(() -> ApiError.notFound(noun(), id));
  }

  /** The key, refused from now on. */
  GatewayKeyRow disabled(GatewayKeyRow row, Change change) {
    return new GatewayKeyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        row.endpointId(),
        row.lookupId(),
        row.tokenHash(),
        row.displayName(),
        row.description(),
        row.metadata(),
        true,
        row.expiresAt(),
        row.limits(),
        row.lastUsed());
  }

  @Override
  public Created<GatewayKeyRow> create(Change change) {
    Call call = change.call();
    String endpointId = call.text("endpoint_id", "");
    checkEndpoint(endpointId, change);
    KeyToken token = KeyToken.generate(random);
    GatewayKeyRow row =
        new GatewayKeyRow(
            identifiers.next("aigk"),
            change.now(),
            change.now(),
            change.actor(),
            change.actor(),
            endpointId,
            token.lookupId(),
            token.hash().toBytes(),
            token.displayName(),
            call.text("description", ""),
            call.text("metadata", ""),
            call.flag("disabled", false),
            expiresAt(call, null),
            GatewayKeyLimits.merged("{}", call.body()),
            null);
    change.tables().gatewayKeys().insert(row);
    int index = 0;
    for (JsonNode attached : call.body().path("provider_keys")) {
      providerKeys.attach(
          (ObjectNode) attached, row.id(), "provider_keys[" + index++ + "].", change);
    }
    return new Created<>(row, Optional.of(token.reveal()));
  }

  @Override
  public GatewayKeyRow update(GatewayKeyRow row, Change change) {
    Call call = change.call();
    String endpointId = call.text("endpoint_id", row.endpointId());
    if (!endpointId.equals(row.endpointId())) {
      checkEndpoint(endpointId, change);
    }
    return new GatewayKeyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        endpointId,
        row.lookupId(),
        row.tokenHash(),
        row.displayName(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()),
        call.flag("disabled", row.disabled()),
        expiresAt(call, row.expiresAt()),
        GatewayKeyLimits.merged(row.limits(), call.body()),
        row.lastUsed());
  }

  /** The provider keys attached to it go with it; its token is remembered as deleted. */
  @Override
  public void beforeDelete(GatewayKeyRow row, Change change) {
    rotation.retire(row, change.now(), change);
    change
        .tables()
        .providerKeys()
        .attachedTo(row.id())
        .forEach(attached -> change.deleted(providerKeys, attached));
  }

  private void checkEndpoint(String id, Change change) {
    EndpointRow endpoint =
        change
            .tables()
            .endpoints()
            .find(id)
            .orElseThrow(() ->
                ApiError.of(ErrorCode.ENDPOINT_NOT_FOUND, "There is no endpoint '" + id + "'.")
                    .with("field", "endpoint_id"));
    if (!policies.hasAiGateway(endpoint.trafficPolicy())) {
      throw ApiError.of(
              ErrorCode.NO_AI_GATEWAY,
              "The traffic policy of endpoint "
                  + id
                  + " has no ai-gateway action, so that it takes no keys.")
          .with("field", "endpoint_id");
    }
  }

  private static @Nullable Instant expiresAt(Call call, @Nullable Instant before) {
    JsonNode value = call.body().get("expires_at");
    if (value == null) {
      return before;
    }
    return value.isNull() ? null : BodyCheck.time("expires_at", value.asString());
  }
}
