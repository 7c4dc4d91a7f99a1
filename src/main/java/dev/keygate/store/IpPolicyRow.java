package dev.keygate.store;

import java.time.Instant;

/** An IP policy as stored; what it says is in its rules. */
public record IpPolicyRow(
    String id, Instant createdAt, Instant updatedAt, String description, String metadata) {}
