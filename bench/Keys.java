import dev.keygate.identifier.Identifiers;
import dev.keygate.key.KeyToken;
import dev.keygate.store.GatewayKeyRow;
import dev.keygate.store.SqlStore;
import dev.keygate.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Puts many gateway keys for the default endpoint into the database of a stopped Keygate, as the
 * control API would one by one.
 *
 * <p>Arguments: database-file count tokens-file tokens-to-write.
 */
final class Keys {
  private Keys() {}

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[1]);
    int wanted = Integer.parseInt(args[3]);
    List<String> tokens = new ArrayList<>();
    SecureRandom random = new SecureRandom();
    Identifiers identifiers = new Identifiers(InstantSource.system());
    Instant now = Instant.now();
    try (SqlStore store = SqlStore.open(new StoreSettings.Sqlite(Path.of(args[0])))) {
      store.write(
          tables -> {
            String endpoint = tables.endpoints().page("", 1).getFirst().id();
            for (int i = 0; i < count; i++) {
              KeyToken token = KeyToken.generate(random);
              tables.gatewayKeys().insert(row(identifiers.next("aigk"), endpoint, token, now));
              if (tokens.size() < wanted) {
                tokens.add(token.reveal());
              }
            }
            return count;
          });
    }
    Files.write(Path.of(args[2]), tokens);
  }

  private static GatewayKeyRow row(String id, String endpoint, KeyToken token, Instant now) {
    return new GatewayKeyRow(
        id, now, now, "bench", "bench", endpoint, token.lookupId(), token.hash().toBytes(),
        token.displayName(), "bench", "", false, null, "{}", null);
  }
}
