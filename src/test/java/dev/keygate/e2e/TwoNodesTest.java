package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.e2e.RunningKeygate.CreatedKey;
import dev.keygate.server.Setting;
import dev.keygate.store.PostgresServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 4 where it is hardest: two nodes, one database, and no moment in between. */
class TwoNodesTest {
  private static final int ROUNDS = 20;

  @Test
  void afterADeleteHasReturnedNoNodeAcceptsTheKey(@TempDir Path first, @TempDir Path second)
      throws Exception {
    Map<Setting, String> database = Map.of(Setting.DATABASE_URL, PostgresServer.emptyDatabase());
    try (RunningKeygate one = RunningKeygate.start(first, database)) {
      for (String file : new String[] {"management-key", "master-key"}) {
        Files.copy(first.resolve(file), second.resolve(file));
      }
      try (RunningKeygate other = RunningKeygate.start(second, database)) {
        for (int round = 0; round < ROUNDS; round++) {
          RunningKeygate maker = round % 2 == 0 ? one : other;
          RunningKeygate user = round % 2 == 0 ? other : one;
          CreatedKey key = maker.createKey();
          assertThat(user.chat(key.token()).statusCode()).as("made elsewhere").isEqualTo(200);
          maker.deleteKey(key);
          assertThat(user.chat(key.token()).statusCode()).as("deleted elsewhere").isEqualTo(401);
        }
      }
      one.deleteKey(one.createKey()); // the other took its leave: nobody waits for it
    }
  }
}
