package dev.keygate.store;

import java.util.Optional;

/** Management API keys. */
public interface ManagementKeyTable extends Table<ManagementKeyRow> {
  /** The key whose token has this SHA-256, 32 bytes: one look-up in an index. */
  Optional<ManagementKeyRow> findByHash(byte[] tokenHash);

  /** How many keys have the role. */
  long countOfRole(String role);
}
