package dev.keygate.policy;

/**
 * How an endpoint's requests are authorized: the {@code authorization} field of SPEC.md section 4.
 */
public enum Authorization {
  /** A valid gateway key, always. */
  API_KEY,
  /** A valid gateway key if one is presented; otherwise the rules decide. */
  POLICY,
  /** The client's own provider credential, forwarded; a gateway key is refused. */
  PASSTHROUGH,
  /** The policy has no {@code ai-gateway} action: no key is asked for. */
  NONE
}
