package dev.keygate.live;

import dev.keygate.secret.Secret;

/**
 * A provider's credential, opened and ready to be put on a request.
 *
 * @param id {@code aigpk_…}, or the name of the environment variable it came from
 */
public record ProviderKey(String id, String providerId, Secret value) {}
