package dev.keygate.ai;

/** Whose credential an attempt was made with (SPEC.md section 8). */
public enum KeySource {
  /** A provider key attached to the gateway key. */
  ATTACHED,
  /** One that the policy gives. */
  POLICY,
  /** One of the server's. */
  MANAGED,
  /** The client's own, passed through. */
  CLIENT,
  /** None: the provider needs none. */
  NONE
}
