package dev.keygate.ratelimit;

/** Where limits are counted. */
public interface Limits {

  /** The buckets of a limit; those who ask for an equal limit share them. */
  Limiter limiter(Limit limit);
}
