package dev.keygate.ai;

/**
 * How long an attempt may take.
 *
 * @param perRequestNanos to the first byte of the answer, and between bytes
 * @param deadline when the answer must have begun, by {@link System#nanoTime}
 */
record Limits(long perRequestNanos, long deadline) {}
