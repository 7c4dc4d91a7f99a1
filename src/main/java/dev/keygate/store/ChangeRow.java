package dev.keygate.store;

/**
 * One entry of the change feed, written in the transaction that made the change; entries become
 * visible in the order of their sequence numbers.
 *
 * @param sequence grows with every change
 * @param resource table name of what changed, one of the constants here
 * @param id id of the row that was inserted, updated or deleted
 */
public record ChangeRow(long sequence, String resource, String id) {
  public static final String GATEWAY_KEY = "gateway_key";
  public static final String RETIRED_TOKEN = "retired_token";
  public static final String PROVIDER_KEY = "provider_key";
  public static final String ENDPOINT = "endpoint";
  public static final String MANAGEMENT_KEY = "management_key";
  public static final String VAULT = "vault";
  public static final String SECRET = "vault_secret";
  public static final String IP_POLICY = "ip_policy";
  public static final String IP_POLICY_RULE = "ip_policy_rule";
}
