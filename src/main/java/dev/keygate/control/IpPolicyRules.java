package dev.keygate.control;

import dev.keygate.address.Cidr;
import dev.keygate.identifier.Identifiers;
import dev.keygate.store.IpPolicyRuleRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /ip_policy_rules}. */
final class IpPolicyRules implements Resource<IpPolicyRuleRow> {
  static final String COLLECTION = "ip_policy_rules";

  private final Identifiers identifiers;

  IpPolicyRules(Identifiers identifiers) {
    this.identifiers = identifiers;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "ipr";
  }

  @Override
  public String noun() {
    return "IP policy rule";
  }

  @Override
  public Table<IpPolicyRuleRow> table(Store.Tables tables) {
    return tables.ipPolicyRules();
  }

  @Override
  public String id(IpPolicyRuleRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(IpPolicyRuleRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.put("cidr", row.cidr());
    shown.set("ip_policy", Json.ref(IpPolicies.COLLECTION, row.ipPolicyId()));
    shown.put("action", row.action());
    return shown;
  }

  @Override
  public Created<IpPolicyRuleRow> create(Change change) {
    Call call = change.call();
    String policy = call.text("ip_policy_id", "");
    if (change.tables().ipPolicies().find(policy).isEmpty()) {
      throw ApiError.notFound("IP policy", policy).with("field", "ip_policy_id");
    }
    IpPolicyRuleRow row =
        new IpPolicyRuleRow(
            identifiers.next(prefix()),
            change.now(),
            change.now(),
            policy,
            cidr(call),
            call.text("action", "allow"),
            call.text("description", ""),
            call.text("metadata", ""));
    change.tables().ipPolicyRules().insert(row);
    return new Created<>(row, Optional.empty());
  }

  @Override
  public IpPolicyRuleRow update(IpPolicyRuleRow row, Change change) {
    Call call = change.call();
    return new IpPolicyRuleRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.ipPolicyId(),
        call.body().has("cidr") ? cidr(call) : row.cidr(),
        row.action(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  private static String cidr(Call call) {
    try {
      return Cidr.parse(call.text("cidr", "")).toString();
    } catch (IllegalArgumentException malformed) {
      throw ApiError.invalid("cidr", String.valueOf(malformed.getMessage()));
    }
  }
}
