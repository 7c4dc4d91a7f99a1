package dev.keygate.store;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Gateway keys; with one go the provider keys attached to it. */
final class SqlGatewayKeys extends SqlTable<GatewayKeyRow> implements GatewayKeyTable {
  /** One comparison for all four texts of a row: every row may have to be looked at. */
  private static final String CONTAINS =
      "lower(id || '\n' || display_name || '\n' || description || '\n' || metadata)"
          + " like ? escape '!'";

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
  public Optional<GatewayKeyRow> findByLookupId(String lookupId) {
    return mapping
        .where(handle, "lookup_id = ?", lookupId)
        .map((rows, context) -> mapping.reader().read(rows))
        .findOne();
  }

  @Override
  public void touch(Map<String, Instant> lastUsedById) {
    SqlTables.touch(handle, mapping.table(), lastUsedById);
  }

  @Override
  public List<GatewayKeyRow> search(String endpointId, String text, String beforeId, int limit) {
    List<String> conditions = new ArrayList<>();
    List<String> parameters = new ArrayList<>();
    if (!endpointId.isEmpty()) {
      conditions.add("endpoint_id = ?");
      parameters.add(endpointId);
    }
    if (!text.isEmpty()) {
      conditions.add(CONTAINS);
      parameters.add(pattern(text));
    }
    return mapping.page(handle, conditions, parameters, beforeId, limit);
  }

  /** Text that is found anywhere, with what {@code like} takes for wildcards meant as written. */
  private static String pattern(String text) {
    StringBuilder pattern = new StringBuilder("%");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '_' || c == '!') {
        pattern.append('!');
      }
      pattern.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return pattern.append('%').toString();
  }

  @Override
  public long countOfEndpoint(String endpointId) {
    return handle
        .createQuery("select count(*) from gateway_keys where endpoint_id = ?")
        .bind(0, endpointId)
        .map((rows, context) -> rows.getLong(1))
        .one();
  }
}
