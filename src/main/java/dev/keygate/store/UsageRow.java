package dev.keygate.store;

import java.time.Instant;

/**
 * What was summed up of some requests: of one bucket and kind when it is written, of what was asked
 * for when it is read. Texts that were not asked for are empty.
 *
 * @param statusClass 2 to 5, or 0 where the client was gone before there was an answer
 * @param errors of the requests, those without a status of success
 * @param tokensEstimated of the tokens, those that no provider counted
 * @param cost in billionths of a US dollar
 * @param micros how long they took together
 * @param took how many took how long, by the steps of a histogram
 * @param first the same of their first bytes
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
public record UsageRow(
    Instant bucket,
    String endpointId,
    String keyId,
    String provider,
    String model,
    int statusClass,
    long requests,
    long errors,
    long tokensIn,
    long tokensOut,
    long tokensEstimated,
    long cost,
    long micros,
    long[] took,
    long[] first) {
  /** Steps of a histogram. */
  public static final int STEPS = 16;
}
