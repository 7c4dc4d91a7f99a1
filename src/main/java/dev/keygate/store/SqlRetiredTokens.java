package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Retired tokens. */
final class SqlRetiredTokens extends SqlOwnedTable<RetiredTokenRow> implements RetiredTokenTable {
  SqlRetiredTokens(Handle handle) {
    super(handle, RowMappings.RETIRED_TOKEN, "gateway_key_id");
  }

  @Override
  public Optional<RetiredTokenRow> findByLookupId(String lookupId) {
    return mapping
        .where(handle, "lookup_id = ?", lookupId)
        .map((rows, context) -> mapping.reader().read(rows))
        .findOne();
  }

  @Override
  public List<RetiredTokenRow> inGrace(Instant now) {
    return handle
        .createQuery("select * from retired_tokens where expires_at > ? order by id desc")
        .bind(0, now.toEpochMilli())
        .map((rows, context) -> mapping.reader().read(rows))
        .list();
  }

  @Override
  public void touch(Map<String, Instant> lastUsedByLookupId) {
    SqlTables.touch(handle, mapping.table(), "lookup_id", lastUsedByLookupId);
  }

  @Override
  public void refused(Map<String, Refused> byLookupId) {
    if (byLookupId.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            "update retired_tokens set refusals = refusals + ?, last_refused = ?"
                + " where lookup_id = ?");
    byLookupId.forEach(
        (lookupId, refused) -> batch.add(refused.count(), refused.last().toEpochMilli(), lookupId));
    batch.execute();
  }
}
