package dev.keygate.store;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Management keys. */
final class SqlManagementKeys extends SqlTable<ManagementKeyRow> implements ManagementKeyTable {
  SqlManagementKeys(Handle handle) {
    super(handle, RowMappings.MANAGEMENT_KEY);
  }

  @Override
  public Optional<ManagementKeyRow> findByHash(byte[] tokenHash) {
    return handle
        .createQuery("select * from management_keys where token_hash = ?")
        .bind(0, tokenHash)
        .map((rows, context) -> mapping.reader().read(rows))
        .findOne();
  }

  @Override
  public long countOfRole(String role) {
    return handle
        .createQuery("select count(*) from management_keys where role = ?")
        .bind(0, role)
        .map((rows, context) -> rows.getLong(1))
        .one();
  }
}
