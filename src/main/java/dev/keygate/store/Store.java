package dev.keygate.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The database, SQLite or PostgreSQL. Blocking: for virtual threads, never for an event loop. Safe
 * for use from any thread. Methods throw {@link StoreException} when the database cannot be reached
 * or refuses. Instants are kept to a millisecond.
 */
public interface Store extends AutoCloseable {

  /** Runs reads, which all see the same moment, on one connection. */
  <T> T read(Work<T> work);

  /**
   * Runs {@code work} in one transaction, which is durable when this returns and rolled back when
   * it throws. Write transactions of all nodes run one after the other, and never one inside
   * another.
   */
  <T> T write(Work<T> work);

  @Override
  void close();

  /** What to do with the tables. */
  @FunctionalInterface
  interface Work<T> {
    T with(Tables tables);
  }

  /** The tables, inside one {@link Work}. */
  interface Tables {
    GatewayKeyTable gatewayKeys();

    RetiredTokenTable retiredTokens();

    ProviderKeyTable providerKeys();

    Table<EndpointRow> endpoints();

    ManagementKeyTable managementKeys();

    Table<VaultRow> vaults();

    /** Owned by their vaults. */
    OwnedTable<SecretRow> secrets();

    Table<IpPolicyRow> ipPolicies();

    /** Owned by their IP policies. */
    OwnedTable<IpPolicyRuleRow> ipPolicyRules();

    AuditTable audit();

    IdempotencyTable idempotency();

    ChangeFeed changes();

    NodeTable nodes();

    RequestTable requests();

    UsageTable usage();
  }

  /** The audit log: grows, and nothing else. */
  interface AuditTable {
    void append(AuditRow row);

    /** Newest first; {@code beforeId} empty for the first page. */
    List<AuditRow> page(String beforeId, int limit);
  }

  /** First answers to POSTs, kept for 24 hours. */
  interface IdempotencyTable {
    Optional<IdempotencyRow> find(String actor, String idempotencyKey);

    /** False when there is one already. */
    boolean insert(IdempotencyRow row);

    void update(IdempotencyRow row);

    void delete(String actor, String idempotencyKey);

    /** Forgets answers from before {@code instant}. */
    void deleteBefore(Instant instant);
  }

  /** What changed, in order. */
  interface ChangeFeed {
    /** The newest sequence number, 0 when nothing ever changed. */
    long latest();

    /**
     * Changes after {@code sequence}, oldest first. Old ones are forgotten, see {@link
     * #goesOnFrom}.
     */
    List<ChangeRow> since(long sequence, int limit);

    /**
     * Whether the change {@code sequence} is still kept; 0 stands for the time before the first. A
     * reader whose last change is there no more reads everything anew: those after it may have been
     * forgotten as well, or the database is a backup or a standby that never had it.
     */
    boolean goesOnFrom(long sequence);
  }
}
