package dev.keygate.policy.action;

import dev.keygate.ratelimit.BucketKey;
import java.util.AbstractMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * What a rate limit decided, as {@code actions.ngrok.rate_limit} reads. Made of its parts when it
 * is read: most policies have no rule that does.
 */
final class RateLimitResult extends AbstractMap<String, Object> {
  /** A limit always comes to a decision. */
  private static final Map<String, String> NO_ERROR = Map.of("code", "", "message", "");

  private static final HexFormat HEX = HexFormat.of();

  private final BucketKey bucket;
  private final boolean isLimited;

  RateLimitResult(BucketKey bucket, boolean isLimited) {
    this.bucket = bucket;
    this.isLimited = isLimited;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    Map<String, Object> fields =
        Map.of(
            "bucket_key",
            HEX.toHexDigits(bucket.high()) + HEX.toHexDigits(bucket.low()),
            "limited",
            isLimited,
            "error",
            NO_ERROR);
    return fields.entrySet();
  }
}
