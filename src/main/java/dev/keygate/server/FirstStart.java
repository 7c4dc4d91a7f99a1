package dev.keygate.server;

import dev.keygate.identifier.Identifiers;
import dev.keygate.key.ManagementToken;
import dev.keygate.secret.OwnerOnlyFile;
import dev.keygate.secret.Secret;
import dev.keygate.store.AuditRow;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * What an empty store is given before the first request: one default endpoint with a bare {@code
 * ai-gateway} policy, and one management key, whose token goes to a file that only its owner reads.
 */
final class FirstStart {
  static final String TOKEN_FILE = "management-key";

  /** Actor of the audit rows for what no management key asked for. */
  private static final String ACTOR = "keygate";

  private static final String DEFAULT_POLICY =
      """
      on_http_request:
        - type: ai-gateway
      """;

  private final Store store;
  private final Identifiers identifiers;
  private final InstantSource clock;
  private final Path tokenFile;

  FirstStart(Store store, Identifiers identifiers, InstantSource clock, Path dataDir) {
    this.store = store;
    this.identifiers = identifiers;
    this.clock = clock;
    this.tokenFile = dataDir.resolve(TOKEN_FILE);
  }

  /**
   * A management key made just now.
   *
   * @param moved where the token file is now that was in the place of this one's
   */
  record Made(ManagementToken token, Optional<Path> moved) {}

  /**
   * Makes what is missing; nodes that start together on one database make it once.
   *
   * @param gatewayPort for the default endpoint's URL
   */
  Optional<Made> prepare(int gatewayPort) {
    ManagementToken token = ManagementToken.generate(new SecureRandom());
    return store.write(tables -> {
      Instant now = clock.instant();
      if (tables.endpoints().count() == 0) {
        insertEndpoint(tables, now, "http://localhost:" + gatewayPort);
      }
      if (tables.managementKeys().count() > 0) {
        return Optional.empty();
      }
      insertManagementKey(tables, now, token);
      // Written before the commit: a stored key whose token nobody has would lock out.
      return Optional.of(new Made(token, writeToken(token, now)));
    });
  }

  private void insertEndpoint(Store.Tables tables, Instant now, String url) {
    String id = identifiers.next("ep");
    tables
        .endpoints()
        .insert(
            new EndpointRow(
                id,
                now,
                now,
                ACTOR,
                ACTOR,
                url,
                "cloud",
                "public",
                DEFAULT_POLICY,
                "Default endpoint",
                "",
                false,
                true,
                false));
    audit(tables, now, "endpoints", id, "{\"url\":\"" + url + "\",\"default\":true}");
  }

  private void insertManagementKey(Store.Tables tables, Instant now, ManagementToken token) {
    String id = identifiers.next("ak");
    tables
        .managementKeys()
        .insert(
            new ManagementKeyRow(
                id, now, now, ACTOR, token.hash().toBytes(), "admin", "Made at first start", ""));
    audit(tables, now, "api_keys", id, "{\"role\":\"admin\"}");
  }

  private void audit(Store.Tables tables, Instant now, String resource, String id, String after) {
    tables
        .audit()
        .append(
            new AuditRow(identifiers.next("ae"), now, ACTOR, "create", resource, id, "", after));
  }

  /** Whose token is there belongs to another database, which may have no other. */
  private Optional<Path> writeToken(ManagementToken token, Instant now) {
    try {
      Optional<Path> moved = Optional.empty();
      if (Files.exists(tokenFile)) {
        String time = now.truncatedTo(ChronoUnit.MILLIS).toString().replace(":", "");
        moved =
            Optional.of(Files.move(tokenFile, tokenFile.resolveSibling(TOKEN_FILE + "." + time)));
      }
      OwnerOnlyFile.create(tokenFile, Secret.of(token.reveal() + "\n"));
      return moved;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + tokenFile, e);
    }
  }
}
