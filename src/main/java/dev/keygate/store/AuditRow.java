package dev.keygate.store;

import java.time.Instant;

/**
 * One line of the append-only audit log.
 *
 * @param actor id of the management key that acted, or {@code keygate} for the gateway itself
 * @param action {@code create}, {@code update}, {@code delete}, or the name of what else was done
 * @param before the object's JSON without secrets, empty when there was none
 * @param after likewise
 */
public record AuditRow(
    String id,
    Instant at,
    String actor,
    String action,
    String resource,
    String resourceId,
    String before,
    String after) {}
