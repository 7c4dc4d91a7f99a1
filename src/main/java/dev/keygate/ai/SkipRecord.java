package dev.keygate.ai;

/**
 * A key that was passed over for one candidate, because it is set aside for a while.
 *
 * @param providerKeyId empty for a provider that needs none
 * @param reason in words, for example {@code the provider answered 401}
 * @param restMillis how much longer it was to rest
 */
public record SkipRecord(
    String provider, String model, String providerKeyId, String reason, long restMillis) {}
