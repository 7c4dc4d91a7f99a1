package dev.keygate.policy.expression;

import dev.keygate.secret.Secret;
import org.jspecify.annotations.Nullable;

/**
 * The vaults as {@code secrets.get(vault, secret)} reads them: in memory, from any thread, always
 * current.
 */
public interface SecretSource {
  /** The secret's value, or null when there is no such vault or secret. */
  @Nullable Secret find(String vault, String secret);

  /** Whether a policy that names this secret may be saved. */
  default boolean mayName(String vault, String secret) {
    return find(vault, secret) != null;
  }

  /**
   * The same for documents that were saved once: what they name may be gone by now. Requests that
   * need it are then refused, and the rest of the document goes on counting.
   */
  default SecretSource forSaved() {
    SecretSource current = this;
    return new SecretSource() {
      @Override
      public @Nullable Secret find(String vault, String secret) {
        return current.find(vault, secret);
      }

      @Override
      public boolean mayName(String vault, String secret) {
        return true;
      }
    };
  }

  /** No vaults: every secret a policy names is missing. */
  SecretSource NONE = (vault, secret) -> null;

  /** For checking documents away from the vaults: any name passes, no value is known. */
  SecretSource UNKNOWN =
      new SecretSource() {
        @Override
        public @Nullable Secret find(String vault, String secret) {
          return null;
        }

        @Override
        public boolean mayName(String vault, String secret) {
          return true;
        }
      };
}
