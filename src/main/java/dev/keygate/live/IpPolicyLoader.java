package dev.keygate.live;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.policy.action.IpPolicy;
import dev.keygate.store.IpPolicyRow;
import dev.keygate.store.IpPolicyRuleRow;
import dev.keygate.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes stored IP policies, each as a whole: a policy is searched as one. Confined to the
 * {@link ChangeFollower}'s reading thread.
 */
final class IpPolicyLoader {
  private final Map<String, String> ownerByRule = new HashMap<>();

  /** Publishes every IP policy. */
  void load(Store.Tables tables, LiveState live) {
    ownerByRule.clear();
    Map<String, List<IpPolicyRuleRow>> rules = new HashMap<>();
    tables
        .ipPolicyRules()
        .forEach(rule -> {
          ownerByRule.put(rule.id(), rule.ipPolicyId());
          rules.computeIfAbsent(rule.ipPolicyId(), owner -> new ArrayList<>()).add(rule);
        });
    Set<String> ids = new HashSet<>();
    List<IpPolicyRow> all = new ArrayList<>();
    tables.ipPolicies().forEach(all::add);
    for (IpPolicyRow row : all) {
      ids.add(row.id());
      live.publishIpPolicy(row.id(), policy(rules.getOrDefault(row.id(), List.of())));
    }
    live.retainIpPolicies(ids);
  }

  /** Publishes what changed with one IP policy: made, changed or deleted. */
  void reload(Store.Tables tables, LiveState live, String id) {
    if (tables.ipPolicies().find(id).isEmpty()) {
      live.publishIpPolicy(id, null);
      return;
    }
    List<IpPolicyRuleRow> rules = tables.ipPolicyRules().of(id);
    rules.forEach(rule -> ownerByRule.put(rule.id(), id));
    live.publishIpPolicy(id, policy(rules));
  }

  /** Publishes the IP policy that a changed rule belongs to, or did. */
  void reloadOwner(Store.Tables tables, LiveState live, String ruleId) {
    String before = ownerByRule.get(ruleId);
    Optional<IpPolicyRuleRow> rule = tables.ipPolicyRules().find(ruleId);
    String owner = rule.map(IpPolicyRuleRow::ipPolicyId).orElse(before);
    if (owner != null) {
      reload(tables, live, owner);
    }
    if (rule.isEmpty()) {
      ownerByRule.remove(ruleId); // not before: after a failure it is asked for again
    }
  }

  private static IpPolicy policy(List<IpPolicyRuleRow> rules) {
    return new IpPolicy(ranges(rules, "allow"), ranges(rules, "deny"));
  }

  private static CidrSet ranges(List<IpPolicyRuleRow> rules, String action) {
    return CidrSet.of(
        rules.stream()
            .filter(rule -> rule.action().equals(action))
            .map(rule -> Cidr.parse(rule.cidr()))
            .toList());
  }
}
