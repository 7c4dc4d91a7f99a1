package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.key.KeyToken;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.GatewayKeyRow;
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
  private final SecureRandom random = new SecureRandom();

  GatewayKeys(Identifiers identifiers, PolicyInspector policies, ProviderKeys providerKeys) {
    this.identifiers = identifiers;
    this.policies = policies;
    this.providerKeys = providerKeys;
  }

  @Override
  public String collection() {
    return COLLECTION;
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
  public ObjectNode show(GatewayKeyRow row, Call call, Store.Tables tables) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", call.uri(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.ref(call, ManagementKeys.COLLECTION, row.createdBy()));
    shown.set("last_updated_by", Json.ref(call, ManagementKeys.COLLECTION, row.lastUpdatedBy()));
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.set("endpoint", Json.ref(call, Endpoints.COLLECTION, row.endpointId()));
    shown.put("display_name", row.displayName());
    Json.putTime(shown, "last_used", row.lastUsed());
    shown.put("disabled", row.disabled());
    Json.putTime(shown, "expires_at", row.expiresAt());
    GatewayKeyLimits.show(row.limits(), shown);
    ArrayNode attached = shown.putArray("provider_keys");
    tables
        .providerKeys()
        .attachedTo(row.id())
        .forEach(key -> attached.add(providerKeys.show(key, call, tables)));
    return shown;
  }

  @Override
  public Created<GatewayKeyRow> create(Call call, Store.Tables tables) {
    String endpointId = call.text("endpoint_id", "");
    EndpointRow endpoint =
        tables
            .endpoints()
            .find(endpointId)
            .orElseThrow(() ->
                ApiError.of(404, "ERR_NGROK_27002", "There is no endpoint '" + endpointId + "'.")
                    .with("field", "endpoint_id"));
    if (!policies.hasAiGateway(endpoint.trafficPolicy())) {
      throw ApiError.of(
              422,
              "ERR_NGROK_27003",
              "The traffic policy of endpoint "
                  + endpointId
                  + " has no ai-gateway action, so that it takes no keys.")
          .with("field", "endpoint_id");
    }
    KeyToken token = KeyToken.generate(random);
    GatewayKeyRow row =
        new GatewayKeyRow(
            identifiers.next("aigk"),
            call.now(),
            call.now(),
            call.actor().id(),
            call.actor().id(),
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
    tables.gatewayKeys().insert(row);
    int index = 0;
    for (JsonNode attached : call.body().path("provider_keys")) {
      providerKeys.attach(
          (ObjectNode) attached, row.id(), "provider_keys[" + index++ + "].", call, tables);
    }
    return new Created<>(row, Optional.of(token.reveal()));
  }

  @Override
  public GatewayKeyRow update(GatewayKeyRow row, Call call, Store.Tables tables) {
    return new GatewayKeyRow(
        row.id(),
        row.createdAt(),
        call.now(),
        row.createdBy(),
        call.actor().id(),
        row.endpointId(),
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

  private static @Nullable Instant expiresAt(Call call, @Nullable Instant before) {
    JsonNode value = call.body().get("expires_at");
    if (value == null) {
      return before;
    }
    return value.isNull() ? null : BodyCheck.time("expires_at", value.asString());
  }
}
