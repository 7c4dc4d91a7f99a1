package dev.keygate.key;

import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/**
 * What a gateway key may do (SPEC.md section 3). An empty list or set, and 0, are no limit.
 *
 * @param requestsPerMinute most requests in any minute
 * @param tokensPerMinute most tokens in any minute, of prompts and answers
 * @param maxConcurrent most requests under way at a time, on each node
 * @param allowedCidrs where clients may call from
 * @param allowedModels names of models, or {@code provider:model}, in lower case
 * @param allowedProviders ids of providers, in lower case
 */
public record KeyLimits(
    long requestsPerMinute,
    long tokensPerMinute,
    int maxConcurrent,
    List<AddressRange> allowedCidrs,
    Set<String> allowedModels,
    Set<String> allowedProviders) {

  /** A key without limits. */
  public static final KeyLimits NONE = new KeyLimits(0, 0, 0, List.of(), Set.of(), Set.of());

  public KeyLimits {
    allowedCidrs = List.copyOf(allowedCidrs);
    allowedModels = Set.copyOf(allowedModels);
    allowedProviders = Set.copyOf(allowedProviders);
  }

  /** Whether the key may be used from there. */
  public boolean allowsFrom(InetAddress client) {
    if (allowedCidrs.isEmpty()) {
      return true;
    }
    for (AddressRange range : allowedCidrs) {
      if (range.contains(client)) {
        return true;
      }
    }
    return false;
  }
}
