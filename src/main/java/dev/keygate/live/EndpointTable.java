package dev.keygate.live;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.HostPattern;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoint answers for which host. Immutable; a change makes a new table. A look-up is at
 * most two map reads for an exact host, and one more for each label when only a wildcard fits,
 * however many endpoints there are.
 */
final class EndpointTable {
  static final EndpointTable EMPTY = new EndpointTable(Map.of());

  private final Map<String, LiveEndpoint> byId;
  private final Map<HostPattern, LiveEndpoint> byHost = new HashMap<>();
  private final boolean hasWildcard;
  private final @Nullable LiveEndpoint fallback;

  private EndpointTable(Map<String, LiveEndpoint> byId) {
    this.byId = byId;
    LiveEndpoint chosen = null;
    for (LiveEndpoint candidate : byId.values()) {
      Endpoint endpoint = candidate.endpoint();
      byHost.merge(endpoint.host(), candidate, EndpointTable::older);
      if (endpoint.isDefault()) {
        chosen = chosen == null ? candidate : older(chosen, candidate);
      }
    }
    fallback = chosen;
    hasWildcard = byHost.keySet().stream().anyMatch(HostPattern::wildcard);
  }

  static EndpointTable of(Collection<LiveEndpoint> all) {
    Map<String, LiveEndpoint> byId = new HashMap<>();
    all.forEach(one -> byId.put(one.endpoint().id(), one));
    return new EndpointTable(byId);
  }

  EndpointTable with(LiveEndpoint endpoint) {
    Map<String, LiveEndpoint> changed = new HashMap<>(byId);
    changed.put(endpoint.endpoint().id(), endpoint);
    return new EndpointTable(changed);
  }

  EndpointTable without(String id) {
    Map<String, LiveEndpoint> changed = new HashMap<>(byId);
    changed.remove(id);
    return new EndpointTable(changed);
  }

  @Nullable LiveEndpoint byId(String id) {
    return byId.get(id);
  }

  Stream<LiveEndpoint> all() {
    return byId.values().stream();
  }

  /**
   * Exact host and port, exact host, wildcard with the longest name, default (SPEC.md section 5).
   */
  @Nullable LiveEndpoint match(String authority) {
    if (byHost.isEmpty()) {
      return fallback;
    }
    int portStart = portStart(authority);
    String name = authority.substring(0, portStart).toLowerCase(Locale.ROOT);
    int port = port(authority, portStart);
    LiveEndpoint exact = find(name, false, port);
    if (exact != null) {
      return exact;
    }
    return hasWildcard ? matchWildcard(name, port) : fallback;
  }

  private @Nullable LiveEndpoint matchWildcard(String name, int port) {
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      LiveEndpoint found = find(name.substring(dot + 1), true, port);
      if (found != null) {
        return found;
      }
    }
    return fallback;
  }

  private @Nullable LiveEndpoint find(String name, boolean wildcard, int port) {
    LiveEndpoint withPort = port == 0 ? null : byHost.get(new HostPattern(name, wildcard, port));
    return withPort != null ? withPort : byHost.get(new HostPattern(name, wildcard, 0));
  }

  private static int portStart(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? colon : authority.length();
  }

  private static int port(String authority, int portStart) {
    int port = 0;
    for (int i = portStart + 1; i < authority.length(); i++) {
      char c = authority.charAt(i);
      if (c < '0' || c > '9' || port > 65_535) {
        return 0;
      }
      port = port * 10 + (c - '0');
    }
    return port;
  }

  private static LiveEndpoint older(LiveEndpoint one, LiveEndpoint other) {
    return one.endpoint().id().compareTo(other.endpoint().id()) <= 0 ? one : other;
  }
}
