package dev.keygate.policy;

/** What becomes of a policy that hands server-side provider keys to anybody (SPEC.md section 4). */
public enum OpenRelay {
  /** It is refused. */
  REFUSE,
  /** It is warned about: whoever saves it said {@code allow_open_relay}. */
  ALLOW
}
