package dev.keygate.policy.action;

import org.jspecify.annotations.Nullable;

/** The IP policies as {@code restrict-ips} reads them: in memory, from any thread, current. */
public interface IpPolicySource {
  /** The IP policy with this identifier, or null when there is none. */
  @Nullable IpPolicy find(String id);

  /** Whether a policy that names this IP policy may be saved. */
  default boolean mayName(String id) {
    return find(id) != null;
  }

  /** The same for documents that were saved once: what they name may be gone by now. */
  default IpPolicySource forSaved() {
    IpPolicySource current = this;
    return new IpPolicySource() {
      @Override
      public @Nullable IpPolicy find(String id) {
        return current.find(id);
      }

      @Override
      public boolean mayName(String id) {
        return true;
      }
    };
  }

  /** For checking documents away from the IP policies: any identifier passes, none is known. */
  IpPolicySource UNKNOWN =
      new IpPolicySource() {
        @Override
        public @Nullable IpPolicy find(String id) {
          return null;
        }

        @Override
        public boolean mayName(String id) {
          return true;
        }
      };
}
