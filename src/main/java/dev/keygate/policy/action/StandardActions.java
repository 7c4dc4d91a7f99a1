package dev.keygate.policy.action;

import dev.keygate.policy.ActionType;
import dev.keygate.ratelimit.RateLimits;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

/** The registry of the actions that every policy may use. */
public final class StandardActions {
  private StandardActions() {}

  /**
   * One of each, in the order in which they are documented.
   *
   * @param http makes the requests of {@code http-request}, and fetches signing keys
   * @param clock tells how old signed webhooks and tokens are
   * @param nanoTime as {@link System#nanoTime}
   * @param limits where rate limits are counted
   * @param ipPolicies those that {@code restrict-ips} may name
   */
  public static List<ActionType<?>> all(
      HttpCall http,
      InstantSource clock,
      LongSupplier nanoTime,
      RateLimits limits,
      IpPolicySource ipPolicies) {
    return List.of(
        new AddHeaders(),
        new BasicAuth(),
        new CircuitBreaker(nanoTime),
        new CloseConnection(),
        new CompressResponse(),
        new CustomResponse(),
        new Deny(),
        new HttpRequest(http, nanoTime),
        new JwtValidation(http, clock, nanoTime),
        new Log(),
        new RateLimit(limits),
        new Redirect(),
        new RemoveHeaders(),
        new RequestBodyFindReplace(),
        new ResponseBodyFindReplace(),
        new RestrictIps(ipPolicies),
        new SetVars(),
        new SseFindReplace(),
        new UrlRewrite(),
        new VerifyWebhook(clock));
  }
}
