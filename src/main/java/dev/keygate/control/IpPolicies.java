package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.IpPolicyRow;
import dev.keygate.store.IpPolicyRuleRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code /ip_policies}. */
final class IpPolicies implements Resource<IpPolicyRow> {
  static final String COLLECTION = "ip_policies";

  private final Identifiers identifiers;
  private final IpPolicyRules rules;

  IpPolicies(Identifiers identifiers, IpPolicyRules rules) {
    this.identifiers = identifiers;
    this.rules = rules;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "ipp";
  }

  @Override
  public String noun() {
    return "IP policy";
  }

  @Override
  public Table<IpPolicyRow> table(Store.Tables tables) {
    return tables.ipPolicies();
  }

  @Override
  public String id(IpPolicyRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(IpPolicyRow row) {
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    return shown;
  }

  @Override
  public Created<IpPolicyRow> create(Change change) {
    Call call = change.call();
    IpPolicyRow row =
        new IpPolicyRow(
            identifiers.next(prefix()),
            change.now(),
            change.now(),
            call.text("description", ""),
            call.text("metadata", ""));
    change.tables().ipPolicies().insert(row);
    return new Created<>(row, Optional.empty());
  }

  @Override
  public IpPolicyRow update(IpPolicyRow row, Change change) {
    Call call = change.call();
    return new IpPolicyRow(
        row.id(),
        row.createdAt(),
        change.now(),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()));
  }

  /** Its rules mean nothing without it. */
  @Override
  public void beforeDelete(IpPolicyRow row, Change change) {
    for (IpPolicyRuleRow rule : change.tables().ipPolicyRules().of(row.id())) {
      change.deleted(rules, rule);
      change.tables().ipPolicyRules().delete(rule.id());
    }
  }
}
