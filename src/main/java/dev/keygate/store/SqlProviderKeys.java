package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Provider keys, attached and managed. */
final class SqlProviderKeys extends SqlTable<ProviderKeyRow> implements ProviderKeyTable {
  SqlProviderKeys(Handle handle) {
    super(handle, RowMappings.PROVIDER_KEY);
  }

  @Override
  public List<ProviderKeyRow> attachedTo(String gatewayKeyId) {
    return mapping
        .where(handle, "gateway_key_id = ?", gatewayKeyId)
        .map((rows, context) -> mapping.reader().read(rows))
        .list();
  }

  @Override
  public void touch(Map<String, Instant> lastUsedById) {
    SqlTables.touch(handle, mapping.table(), lastUsedById);
  }
}
