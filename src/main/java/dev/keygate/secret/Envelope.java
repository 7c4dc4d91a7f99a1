package dev.keygate.secret;

import java.security.GeneralSecurityException;

/**
 * Encrypts secrets for storage: AES-256-GCM under a data key of its own, which is wrapped by the
 * master key (SPEC.md section 14). Safe for use from any thread.
 */
public interface Envelope {
  /**
   * Seals {@code secret} for the place named by {@code context} (for example a row's identifier);
   * it opens for the same context only, so that a ciphertext copied to another row is of no use.
   *
   * @throws NoMasterKeyException if the master key cannot be read any more
   */
  byte[] seal(Secret secret, String context);

  /**
   * Opens what {@link #seal} made.
   *
   * @throws GeneralSecurityException if it was changed, belongs to another context, or was sealed
   *     under a master key that this process does not have
   */
  Secret open(byte[] sealed, String context) throws GeneralSecurityException;

  /**
   * A key for another purpose, which {@code label} names: 32 bytes that every process with the same
   * newest master key has, and that tell nothing of it.
   */
  byte[] derivedKey(String label);
}
