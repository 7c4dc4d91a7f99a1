package dev.keygate.key;

import dev.keygate.address.CidrSet;
import java.net.InetAddress;
import java.util.Set;

/**
 * What a gateway key may do (SPEC.md section 3). An empty set, and 0, are no limit.
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
    CidrSet allowedCidrs,
    Set<String> allowedModels,
    Set<String> allowedProviders) {

  /** A key without limits. */
  public static final KeyLimits NONE = new KeyLimits(0, 0, 0, CidrSet.EMPTY, Set.of(), Set.of());

  public KeyLimits {
    allowedModels = Set.copyOf(allowedModels);
    allowedProviders = Set.copyOf(allowedProviders);
  }

  /** Whether the key may be used from there. */
  public boolean allowsFrom(InetAddress client) {
    return allowedCidrs.isEmpty() || allowedCidrs.contains(client);
  }
}
