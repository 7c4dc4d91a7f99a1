package dev.keygate.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SettingsPageTest {
  private static final Path PAGE = Path.of("docs", "configuration.md");

  /**
   * After a change of {@link Setting}: {@code ./mvnw test -Dtest=SettingsPageTest -Ddocs.write}.
   */
  @Test
  void theReferencePageSaysWhatTheSettingsAre() throws IOException {
    if (System.getProperty("docs.write") != null) {
      Files.writeString(PAGE, SettingsPage.markdown());
    }
    assertThat(Files.readString(PAGE)).isEqualTo(SettingsPage.markdown());
  }
}
