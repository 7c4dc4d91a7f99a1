package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.ai.catalog.Catalog;
import dev.keygate.exchange.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator's models count beside the built-in ones, and a change of them without a restart. */
class CatalogsTest {
  private static final String ONE =
      "{\"models\": [{\"id\": \"house-1\", \"provider\": \"openai\"}]}";

  @TempDir private Path directory;

  @Test
  void aChangeOfTheFileCountsWithoutARestart() throws IOException {
    Path file = Files.writeString(directory.resolve("models.json"), ONE);
    Catalogs catalogs = new Catalogs(Catalog.builtIn(), file, Map.of());
    Catalogs.Known before = catalogs.current();
    catalogs.reload();
    assertThat(catalogs.current()).isSameAs(before);
    Files.writeString(file, ONE.replace("house-1", "house-2"));
    catalogs.reload();
    assertThat(catalogs.current().catalog().named("house-1")).isEmpty();
    assertThat(catalogs.current().catalog().named("HOUSE-2")).hasSize(1);
    assertThat(catalogs.current().catalog().named("gpt-4o")).hasSize(1);
  }

  @Test
  void aFileThatCannotBeUsedLeavesWhatWasKnown() throws IOException {
    Path file = Files.writeString(directory.resolve("models.json"), ONE);
    Catalogs catalogs = new Catalogs(Catalog.builtIn(), file, Map.of());
    Files.writeString(file, "{");
    catalogs.reload();
    Files.delete(file);
    catalogs.reload();
    assertThat(catalogs.current().catalog().named("house-1")).hasSize(1);
    assertThatThrownBy(() -> new Catalogs(Catalog.builtIn(), file, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be read");
  }

  @Test
  void requestsFollowTheCatalog() throws IOException {
    Path file = Files.writeString(directory.resolve("models.json"), ONE);
    try (GatewayFixture fixture = new GatewayFixture();
        FakeProvider openai = FakeProvider.answering(200, "{}")) {
      fixture.provider("openai", openai.url(), "sk-1");
      Catalogs catalogs = new Catalogs(Catalog.builtIn(), file, Map.of("openai", openai.url()));
      AiGateway gateway = fixture.gateway(AiGatewayConfig.DEFAULT, catalogs);
      String body = "{\"model\":\"house-2\"}";
      assertThat(fixture.run(gateway, post(CHAT, body)).refusal().code())
          .isEqualTo(ErrorCode.NO_CANDIDATE);
      Files.writeString(file, ONE.replace("house-1", "house-2"));
      catalogs.reload();
      assertThat(fixture.run(gateway, post(CHAT, body)).status()).isEqualTo(200);
    }
  }
}
