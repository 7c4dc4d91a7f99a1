package dev.keygate.store;

import java.time.Instant;

/**
 * A rule of an IP policy as stored.
 *
 * @param cidr in canonical form
 * @param action {@code allow} or {@code deny}
 */
public record IpPolicyRuleRow(
    String id,
    Instant createdAt,
    Instant updatedAt,
    String ipPolicyId,
    String cidr,
    String action,
    String description,
    String metadata) {}
