package dev.keygate.endpoint;

/**
 * One gateway as clients see it (SPEC.md section 5).
 *
 * @param id {@code ep_…}
 * @param url as the operator wrote it, for example {@code https://ai.example.com}
 * @param isDefault whether it answers for hosts that match no endpoint
 * @param disabled whether it answers 404 to everything
 */
public record Endpoint(
    String id, HostPattern host, String url, boolean isDefault, boolean disabled) {}
