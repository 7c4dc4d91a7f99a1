package dev.keygate.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** The mappings of what policies read: vaults with their secrets, IP policies with their rules. */
final class GuardMappings {
  static final RowMapping<VaultRow> VAULT =
      RowMapping.<VaultRow>of("vaults", ChangeRow.VAULT)
          .column("id", VaultRow::id)
          .column("created_at", VaultRow::createdAt)
          .column("updated_at", VaultRow::updatedAt)
          .column("created_by", VaultRow::createdBy)
          .column("last_updated_by", VaultRow::lastUpdatedBy)
          .column("name", VaultRow::name)
          .column("description", VaultRow::description)
          .column("metadata", VaultRow::metadata)
          .readBy(row ->
              new VaultRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getString("last_updated_by"),
                  row.getString("name"),
                  row.getString("description"),
                  row.getString("metadata")));

  static final RowMapping<SecretRow> SECRET =
      RowMapping.<SecretRow>of("vault_secrets", ChangeRow.SECRET)
          .column("id", SecretRow::id)
          .column("created_at", SecretRow::createdAt)
          .column("updated_at", SecretRow::updatedAt)
          .column("created_by", SecretRow::createdBy)
          .column("last_updated_by", SecretRow::lastUpdatedBy)
          .column("vault_id", SecretRow::vaultId)
          .column("name", SecretRow::name)
          .column("sealed_value", SecretRow::sealedValue)
          .column("description", SecretRow::description)
          .column("metadata", SecretRow::metadata)
          .readBy(row ->
              new SecretRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("created_by"),
                  row.getString("last_updated_by"),
                  row.getString("vault_id"),
                  row.getString("name"),
                  row.getBytes("sealed_value"),
                  row.getString("description"),
                  row.getString("metadata")));

  static final RowMapping<IpPolicyRow> IP_POLICY =
      RowMapping.<IpPolicyRow>of("ip_policies", ChangeRow.IP_POLICY)
          .column("id", IpPolicyRow::id)
          .column("created_at", IpPolicyRow::createdAt)
          .column("updated_at", IpPolicyRow::updatedAt)
          .column("description", IpPolicyRow::description)
          .column("metadata", IpPolicyRow::metadata)
          .readBy(row ->
              new IpPolicyRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("description"),
                  row.getString("metadata")));

  static final RowMapping<IpPolicyRuleRow> IP_POLICY_RULE =
      RowMapping.<IpPolicyRuleRow>of("ip_policy_rules", ChangeRow.IP_POLICY_RULE)
          .column("id", IpPolicyRuleRow::id)
          .column("created_at", IpPolicyRuleRow::createdAt)
          .column("updated_at", IpPolicyRuleRow::updatedAt)
          .column("ip_policy_id", IpPolicyRuleRow::ipPolicyId)
          .column("cidr", IpPolicyRuleRow::cidr)
          .column("action", IpPolicyRuleRow::action)
          .column("description", IpPolicyRuleRow::description)
          .column("metadata", IpPolicyRuleRow::metadata)
          .readBy(row ->
              new IpPolicyRuleRow(
                  row.getString("id"),
                  instant(row, "created_at"),
                  instant(row, "updated_at"),
                  row.getString("ip_policy_id"),
                  row.getString("cidr"),
                  row.getString("action"),
                  row.getString("description"),
                  row.getString("metadata")));

  private GuardMappings() {}

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Instant.ofEpochMilli(row.getLong(column));
  }
}
