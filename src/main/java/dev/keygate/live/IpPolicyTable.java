package dev.keygate.live;

import dev.keygate.policy.action.IpPolicy;
import dev.keygate.policy.action.IpPolicySource;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The IP policies by identifier. Read without locks. */
final class IpPolicyTable implements IpPolicySource {
  private final ConcurrentHashMap<String, IpPolicy> byId = new ConcurrentHashMap<>();

  @Override
  public @Nullable IpPolicy find(String id) {
    return byId.get(id);
  }

  void put(String id, @Nullable IpPolicy policy) {
    if (policy == null) {
      byId.remove(id);
    } else {
      byId.put(id, policy);
    }
  }

  void retain(Set<String> ids) {
    byId.keySet().retainAll(ids);
  }
}
