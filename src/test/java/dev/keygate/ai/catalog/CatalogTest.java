package dev.keygate.ai.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogTest {
  private static final Catalog BUILT_IN = Catalog.builtIn();

  @Test
  void everyModelHasAProviderAndAnAuthorOfTheCatalog() {
    Set<String> providers =
        BUILT_IN.providers().stream().map(ProviderFacts::id).collect(Collectors.toSet());
    Set<String> authors = BUILT_IN.authors().stream().map(Author::id).collect(Collectors.toSet());
    assertThat(BUILT_IN.models()).isNotEmpty();
    assertThat(BUILT_IN.models()).allMatch(model -> providers.contains(model.providerId()));
    assertThat(BUILT_IN.models()).allMatch(model -> authors.contains(model.authorId()));
  }

  @Test
  void aModelHasWhatItsSourcesSay() {
    Model model = BUILT_IN.named("GPT-4.1-Mini").getFirst();
    assertThat(model.id()).isEqualTo("gpt-4.1-mini");
    assertThat(model.contextWindow()).isEqualTo(1_047_576);
    assertThat(model.maxOutputTokens()).isEqualTo(32_768);
    assertThat(model.inputModalities()).contains("text", "image");
    assertThat(model.features()).contains("tool-calling");
    assertThat(model.prices().input()).isEqualTo(0.4);
    assertThat(model.prices().output()).isEqualTo(1.6);
    assertThat(model.prices().cacheWrite()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "gpt-4-omni, openai:gpt-4o",
    "GPT-OSS-120B, groq:openai/gpt-oss-120b",
    "claude-opus-4.1, anthropic:claude-opus-4-1"
  })
  void anAliasLeadsToItsModel(String name, String expected) {
    assertThat(BUILT_IN.named(name))
        .extracting(model -> model.providerId() + ':' + model.id())
        .containsExactly(expected);
  }

  @Test
  void anotherCatalogReplacesAndAdds() {
    Catalog more =
        read(
            """
            {"providers": [{"id": "house", "base_urls": {"openai": "https://house.example/v1"}}],
             "models": [{"id": "gpt-4o", "provider": "openai", "max_output": 5},
                        {"id": "gpt-4o", "provider": "house", "aliases": ["House-4"]}],
             "prefixes": [{"prefix": "gpt-", "provider": "house"}]}
            """);
    Catalog both = BUILT_IN.with(more);
    assertThat(both.models()).hasSize(BUILT_IN.models().size() + 1);
    assertThat(both.named("gpt-4o"))
        .extracting(Model::providerId)
        .containsExactly("openai", "house");
    assertThat(both.named("gpt-4o").getFirst().maxOutputTokens()).isEqualTo(5);
    assertThat(both.find("house", "house-4")).isNotNull();
    assertThat(both.providerByPrefix("GPT-77")).isEqualTo("house");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[]|expected an object",
        "{\"models\": {}}|models: expected a list of at most 10000",
        "{\"modles\": []}|modles: unknown field",
        "{\"models\": [{\"id\": \"x\"}]}|models[0].provider: is missing",
        "{\"models\": [{\"id\": 5, \"provider\": \"p\"}]}|models[0].id: expected a text",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"kind\": \"cat\"}]}|models[0].kind: unknown value",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\"}, {\"id\": \"X\", \"provider\": \"p\"}]}|the model 'p:x' is there twice",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"context_window\": -1}]}|models[0].context_window: expected a whole number",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"context_window\": 1.5}]}|models[0].context_window: expected a whole number",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"price\": {\"input\": -1}}]}|models[0].price.input: expected a price",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"released\": \"soon\"}]}|expected a date",
        "{\"models\": [{\"id\": \"x\", \"provider\": \"p\", \"features\": [\"a\", \"a\"]}]}|'a' is there twice",
        "{\"models\": [], \"models\": []}|not JSON",
        "{\"about\": [[[[[[[[[[1]]]]]]]]]]}|not JSON",
        "{|not JSON"
      })
  void whatIsNoCatalogIsRefusedWithTheReason(String json, String reason) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void allMistakesAreToldTogether() {
    assertThatThrownBy(() -> read("{\"models\": [{\"id\": \"x\"}], \"x\": 1}"))
        .hasMessageContaining("models[0].provider")
        .hasMessageContaining("x: unknown field");
  }

  @Test
  void namesAreLookedUpWithoutRegardToCase() {
    for (Model model : BUILT_IN.models()) {
      assertThat(BUILT_IN.find(model.providerId(), model.id())).isEqualTo(model);
    }
    assertThat(BUILT_IN.named("no-such-model")).isEqualTo(List.of());
  }

  private static Catalog read(String json) {
    return CatalogReader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
