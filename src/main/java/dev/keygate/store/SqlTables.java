package dev.keygate.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tables on one connection. */
final class SqlTables implements Store.Tables {
  private final Handle handle;
  private final Dialect dialect;

  SqlTables(Handle handle, Dialect dialect) {
    this.handle = handle;
    this.dialect = dialect;
  }

  @Override
  public GatewayKeyTable gatewayKeys() {
    return new SqlGatewayKeys(handle);
  }

  @Override
  public RetiredTokenTable retiredTokens() {
    return new SqlRetiredTokens(handle);
  }

  @Override
  public ProviderKeyTable providerKeys() {
    return new SqlProviderKeys(handle);
  }

  @Override
  public Table<EndpointRow> endpoints() {
    return new SqlTable<>(handle, RowMappings.ENDPOINT);
  }

  @Override
  public ManagementKeyTable managementKeys() {
    return new SqlManagementKeys(handle);
  }

  @Override
  public Table<VaultRow> vaults() {
    return new SqlTable<>(handle, GuardMappings.VAULT);
  }

  @Override
  public OwnedTable<SecretRow> secrets() {
    return new SqlOwnedTable<>(handle, GuardMappings.SECRET, "vault_id");
  }

  @Override
  public Table<IpPolicyRow> ipPolicies() {
    return new SqlTable<>(handle, GuardMappings.IP_POLICY);
  }

  @Override
  public OwnedTable<IpPolicyRuleRow> ipPolicyRules() {
    return new SqlOwnedTable<>(handle, GuardMappings.IP_POLICY_RULE, "ip_policy_id");
  }

  @Override
  public Store.AuditTable audit() {
    return new SqlAudit(handle);
  }

  @Override
  public Store.IdempotencyTable idempotency() {
    return new SqlIdempotency(handle);
  }

  @Override
  public Store.ChangeFeed changes() {
    return new SqlChanges(handle);
  }

  @Override
  public NodeTable nodes() {
    return new SqlNodes(handle, dialect.now());
  }

  @Override
  public RequestTable requests() {
    return new SqlRequests(handle);
  }

  @Override
  public UsageTable usage() {
    return new SqlUsage(handle);
  }

  /** Sets {@code last_used} of many rows in one batch. */
  static void touch(Handle handle, String table, Map<String, Instant> lastUsedById) {
    touch(handle, table, "id", lastUsedById);
  }

  /** The same for rows that are known by another column. */
  static void touch(
      Handle handle, String table, String column, Map<String, Instant> lastUsedByValue) {
    if (lastUsedByValue.isEmpty()) {
      return;
    }
    String sql =
        "update "
            + table
            + " set last_used = ? where "
            + column
            + " = ? and (last_used is null or last_used < ?)";
    // By the driver itself: a thousand keys a second take longer to hand over than to store.
    try (PreparedStatement update = handle.getConnection().prepareStatement(sql)) {
      for (Map.Entry<String, Instant> used : lastUsedByValue.entrySet()) {
        long at = used.getValue().toEpochMilli();
        update.setLong(1, at);
        update.setString(2, used.getKey());
        update.setLong(3, at);
        update.addBatch();
      }
      update.executeBatch();
    } catch (SQLException e) {
      throw Failures.explain(e);
    }
  }

  private record SqlAudit(Handle handle) implements Store.AuditTable {
    @Override
    public void append(AuditRow row) {
      RowMappings.AUDIT.insert(handle, row);
    }

    @Override
    public List<AuditRow> page(String beforeId, int limit) {
      return RowMappings.AUDIT.page(handle, beforeId, limit);
    }
  }

  private record SqlIdempotency(Handle handle) implements Store.IdempotencyTable {
    @Override
    public Optional<IdempotencyRow> find(String actor, String idempotencyKey) {
      return handle
          .createQuery("select * from idempotency_keys where actor = ? and idempotency_key = ?")
          .bind(0, actor)
          .bind(1, idempotencyKey)
          .map((rows, context) ->
              new IdempotencyRow(
                  rows.getString("actor"),
                  rows.getString("idempotency_key"),
                  rows.getString("request_hash"),
                  rows.getInt("status"),
                  rows.getString("body"),
                  Instant.ofEpochMilli(rows.getLong("at"))))
          .findOne();
    }

    @Override
    public boolean insert(IdempotencyRow row) {
      return handle
              .createUpdate(
                  "insert into idempotency_keys values"
                      + " (?, ?, ?, ?, ?, ?) on conflict do nothing")
              .bind(0, row.actor())
              .bind(1, row.idempotencyKey())
              .bind(2, row.requestHash())
              .bind(3, row.status())
              .bind(4, row.body())
              .bind(5, row.at().toEpochMilli())
              .execute()
          == 1;
    }

    @Override
    public void update(IdempotencyRow row) {
      handle
          .createUpdate(
              "update idempotency_keys set status = ?, body = ?"
                  + " where actor = ? and idempotency_key = ?")
          .bind(0, row.status())
          .bind(1, row.body())
          .bind(2, row.actor())
          .bind(3, row.idempotencyKey())
          .execute();
    }

    @Override
    public void delete(String actor, String idempotencyKey) {
      handle.execute(
          "delete from idempotency_keys where actor = ? and idempotency_key = ?",
          actor,
          idempotencyKey);
    }

    @Override
    public void deleteBefore(Instant instant) {
      handle.execute("delete from idempotency_keys where at < ?", instant.toEpochMilli());
    }
  }
}
