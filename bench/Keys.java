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
 * Puts many gateway keys for the default endpoint into the database of a Keygate, running or not,
 * as the control API would one by one. Writes down the tokens of the last of them.
 *
 * <p>Arguments: database-file count tokens-file tokens-to-write.
 */
final class Keys {
  /** Keys written at once: nobody else can write meanwhile. */
  private static final int AT_ONCE = 1000;

  private Keys() {}

  public static void main(String[] args) throws IOException {
    int count = Integer.parseInt(args[1]);
    int wanted = Integer.parseInt(args[3]);
    List<String> tokens = new ArrayList<>();
    SecureRandom random = new SecureRandom();
    Identifiers identifiers = new Identifiers(InstantSource.system());
    Instant now = Instant.now();
    try (SqlStore store = SqlStore.open(new StoreSettings.Sqlite(Path.of(args[0])))) {
      for (int from = 0; from < count; from += AT_ONCE) {
        int first = from;
        store.write(
            tables -> {
              String endpoint = tables.endpoints().page("", 1).getFirst().id();
              for (int i = first; i < Math.min(count, first + AT_ONCE); i++) {
                KeyToken token = KeyToken.generate(random);
                tables.gatewayKeys().insert(row(identifiers.next("aigk"), endpoint, token, now));
                if (i >= count - wanted) {
                  tokens.add(token.reveal());
                }
              }
              return count;
            });
      }
    }
    Files.write(Path.of(args[2]), tokens);
  }

  private static GatewayKeyRow row(String id, String endpoint, KeyToken token, Instant now) {
    return new GatewayKeyRow(
        id, now, now, "bench", "bench", endpoint, token.lookupId(), token.hash().toBytes(),
        token.displayName(), "bench", "", false, null, "{}", null);
  }
}
