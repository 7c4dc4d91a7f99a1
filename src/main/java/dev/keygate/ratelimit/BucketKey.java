package dev.keygate.ratelimit;

/**
 * Names a bucket: the keyed hash of what was limited by, so that no credential is kept. Made by
 * {@link BucketHash}.
 */
public record BucketKey(long high, long low) {
  /** Says nothing, because equal names tell equal clients. */
  @Override
  public String toString() {
    return "BucketKey";
  }
}
