package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.key.ManagementToken;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreetingTest {
  @TempDir Path dir;

  @Test
  void saysHowTheCommandLineFindsThisNodeWhereItsDefaultsWouldNot() throws Exception {
    Path data = Files.createDirectory(dir.resolve("my data"));

    String text = printed("http://127.0.0.1:9081", data);

    String where = " --api-url http://127.0.0.1:9081 --data-dir '" + data + "'";
    assertThat(text)
        .contains("api ai-gateway-api-keys create" + where + " --endpoint-id ep_1 ")
        .contains("api ai-gateway-api-keys list" + where + System.lineSeparator());
  }

  @Test
  void needsNoFlagsAtTheDefaults() throws Exception {
    Path data = Files.createDirectory(dir.resolve(".keygate"));
    String home = System.getProperty("user.home");
    System.setProperty("user.home", dir.toString());
    try {
      assertThat(printed("http://127.0.0.1:8081", data.toRealPath()))
          .doesNotContain("--api-url")
          .doesNotContain("--data-dir");
      assertThat(printed("https://10.0.0.5:8081", data.toRealPath()))
          .contains("list --api-url https://10.0.0.5:8081 --data-dir " + data.toRealPath());
    } finally {
      System.setProperty("user.home", home);
    }
  }

  @Test
  void saysWhereTheKeyOfAnotherDatabaseWent() {
    ManagementToken token = ManagementToken.generate(new SecureRandom());
    Path moved = dir.resolve("management-key.then");
    assertThat(
            printed(
                "http://127.0.0.1:8081",
                dir,
                Optional.of(new FirstStart.Made(token, Optional.of(moved)))))
        .contains(token.reveal(), "another database that was there is in " + moved);
  }

  private static String printed(String controlUrl, Path data) {
    return printed(controlUrl, data, Optional.empty());
  }

  private static String printed(String controlUrl, Path data, Optional<FirstStart.Made> made) {
    StringWriter text = new StringWriter();
    new Greeting("http://127.0.0.1:8080", controlUrl, data, List.of("openai"), made, "ep_1")
        .print(new PrintWriter(text));
    return text.toString();
  }
}
