package dev.keygate.store;

import java.time.Instant;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/** Gateway keys; with one go the provider keys attached to it. */
final class SqlGatewayKeys extends SqlTable<GatewayKeyRow> implements GatewayKeyTable {
  SqlGatewayKeys(Handle handle) {
    super(handle, RowMappings.GATEWAY_KEY);
  }

  @Override
  public boolean delete(String id) {
    SqlProviderKeys providerKeys = new SqlProviderKeys(handle);
    providerKeys.attachedTo(id).forEach(attached -> providerKeys.delete(attached.id()));
    return super.delete(id);
  }

  @Override
  public void touch(Map<String, Instant> lastUsedById) {
    SqlTables.touch(handle, mapping.table(), lastUsedById);
  }

  @Override
  public long countOfEndpoint(String endpointId) {
    return handle
        .createQuery("select count(*) from gateway_keys where endpoint_id = :endpoint")
        .bind("endpoint", endpointId)
        .mapTo(Long.class)
        .one();
  }
}
