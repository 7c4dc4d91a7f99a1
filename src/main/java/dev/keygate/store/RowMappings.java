package dev.keygate.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The mapping of each table. */
final class RowMappings {
  static final RowMapping<EndpointRow> ENDPOINT =
      RowMapping.<EndpointRow>of("endpoints", ChangeRow.ENDPOINT)
          .column("id", EndpointRow::id)
          .column("created_at", EndpointRow::createdAt)
          .column("updated_at", EndpointRow::updatedAt)
          .column("created_by", EndpointRow::createdBy)
          .column("last_updated_by", EndpointRow::lastUpdatedBy)
          .column("url", EndpointRow::url)
          .column("type", EndpointRow::type)
          .column("bindings", EndpointRow::bindings)
          .column("traffic_policy", EndpointRow::trafficPolicy)
          .column("description", EndpointRow::description)
          .column("metadata", EndpointRow::metadata)
          .column("pooling_enabled", EndpointRow::poolingEnabled)
          .column("is_default", EndpointRow::isDefault)
          .column("disabled", EndpointRow::disabled)
          .readBy(row ->
              new EndpointRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getString("last_updated_by"),
                  row.getString("url"),
                  row.getString("type"),
                  row.getString("bindings"),
                  row.getString("traffic_policy"),
                  row.getString("description"),
                  row.getString("metadata"),
                  row.getBoolean("pooling_enabled"),
                  row.getBoolean("is_default"),
                  row.getBoolean("disabled")));

  static final RowMapping<GatewayKeyRow> GATEWAY_KEY =
      RowMapping.<GatewayKeyRow>of("gateway_keys", ChangeRow.GATEWAY_KEY)
          .column("id", GatewayKeyRow::id)
          .column("created_at", GatewayKeyRow::createdAt)
          .column("updated_at", GatewayKeyRow::updatedAt)
          .column("created_by", GatewayKeyRow::createdBy)
          .column("last_updated_by", GatewayKeyRow::lastUpdatedBy)
          .column("endpoint_id", GatewayKeyRow::endpointId)
          .column("lookup_id", GatewayKeyRow::lookupId)
          .column("token_hash", GatewayKeyRow::tokenHash)
          .column("display_name", GatewayKeyRow::displayName)
          .column("description", GatewayKeyRow::description)
          .column("metadata", GatewayKeyRow::metadata)
          .column("disabled", GatewayKeyRow::disabled)
          .column("expires_at", GatewayKeyRow::expiresAt)
          .column("limits", GatewayKeyRow::limits)
          .column("last_used", GatewayKeyRow::lastUsed)
          .readBy(row ->
              new GatewayKeyRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getString("last_updated_by"),
                  row.getString("endpoint_id"),
                  row.getString("lookup_id"),
                  row.getBytes("token_hash"),
                  row.getString("display_name"),
                  row.getString("description"),
                  row.getString("metadata"),
                  row.getBoolean("disabled"),
                  instantOrNull(row, "expires_at"),
                  row.getString("limits"),
                  instantOrNull(row, "last_used")));

  static final RowMapping<RetiredTokenRow> RETIRED_TOKEN =
      RowMapping.<RetiredTokenRow>of("retired_tokens", ChangeRow.RETIRED_TOKEN)
          .column("id", RetiredTokenRow::id)
          .column("gateway_key_id", RetiredTokenRow::gatewayKeyId)
          .column("lookup_id", RetiredTokenRow::lookupId)
          .column("token_hash", RetiredTokenRow::tokenHash)
          .column("display_name", RetiredTokenRow::displayName)
          .column("retired_at", RetiredTokenRow::retiredAt)
          .column("expires_at", RetiredTokenRow::expiresAt)
          .column("last_used", RetiredTokenRow::lastUsed)
          .column("refusals", RetiredTokenRow::refusals)
          .column("last_refused", RetiredTokenRow::lastRefused)
          .readBy(row ->
              new RetiredTokenRow(
                  row.getString("id"),
                  row.getString("gateway_key_id"),
                  row.getString("lookup_id"),
                  row.getBytes("token_hash"),
                  row.getString("display_name"),
                  instant(row, "retired_at"),
                  instant(row, "expires_at"),
                  instantOrNull(row, "last_used"),
                  row.getLong("refusals"),
                  instantOrNull(row, "last_refused")));

  static final RowMapping<ProviderKeyRow> PROVIDER_KEY =
      RowMapping.<ProviderKeyRow>of("provider_keys", ChangeRow.PROVIDER_KEY)
          .column("id", ProviderKeyRow::id)
          .column("created_at", ProviderKeyRow::createdAt)
          .column("updated_at", ProviderKeyRow::updatedAt)
          .column("created_by", ProviderKeyRow::createdBy)
          .column("last_updated_by", ProviderKeyRow::lastUpdatedBy)
          .column("provider_id", ProviderKeyRow::providerId)
          .column("gateway_key_id", ProviderKeyRow::gatewayKeyId)
          .column("sealed_value", ProviderKeyRow::sealedValue)
          .column("display_name", ProviderKeyRow::displayName)
          .column("description", ProviderKeyRow::description)
          .column("metadata", ProviderKeyRow::metadata)
          .column("last_used", ProviderKeyRow::lastUsed)
          .readBy(row ->
              new ProviderKeyRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getString("last_updated_by"),
                  row.getString("provider_id"),
                  row.getString("gateway_key_id"),
                  row.getBytes("sealed_value"),
                  row.getString("display_name"),
                  row.getString("description"),
                  row.getString("metadata"),
                  instantOrNull(row, "last_used")));

  static final RowMapping<ManagementKeyRow> MANAGEMENT_KEY =
      RowMapping.<ManagementKeyRow>of("management_keys", ChangeRow.MANAGEMENT_KEY)
          .column("id", ManagementKeyRow::id)
          .column("created_at", ManagementKeyRow::createdAt)
          .column("updated_at", ManagementKeyRow::updatedAt)
          .column("created_by", ManagementKeyRow::createdBy)
          .column("token_hash", ManagementKeyRow::tokenHash)
          .column("role", ManagementKeyRow::role)
          .column("description", ManagementKeyRow::description)
          .column("metadata", ManagementKeyRow::metadata)
          .readBy(row ->
              new ManagementKeyRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getBytes("token_hash"),
                  row.getString("role"),
                  row.getString("description"),
                  row.getString("metadata")));

  static final RowMapping<AuditRow> AUDIT =
      RowMapping.<AuditRow>of("audit_events", "audit_event")
          .column("id", AuditRow::id)
          .column("at", AuditRow::at)
          .column("actor", AuditRow::actor)
          .column("action", AuditRow::action)
          .column("resource", AuditRow::resource)
          .column("resource_id", AuditRow::resourceId)
          .column("before_json", AuditRow::before)
          .column("after_json", AuditRow::after)
          .readBy(row ->
              new AuditRow(
                  row.getString("id"),
                  instant(row, "at"),
                  row.getString("actor"),
                  row.getString("action"),
                  row.getString("resource"),
                  row.getString("resource_id"),
                  row.getString("before_json"),
                  row.getString("after_json")));

  private RowMappings() {}

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }

  private static @Nullable Instant instantOrNull(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? null : Instant.ofEpochMilli(millis);
  }
}
