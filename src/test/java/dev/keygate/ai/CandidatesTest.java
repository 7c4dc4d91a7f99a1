package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.Candidates.Resolution;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Surface;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CandidatesTest {
  private static final ProviderTable PROVIDERS =
      ProviderTable.builtIn()
          .with(List.of(ProviderConfig.at("My-Ollama", BaseUrl.parse("http://localhost:11434"))));
  private static final Candidates CANDIDATES =
      new Candidates(
          new ModelTable(Catalog.builtIn(), PROVIDERS, AiGatewayConfig.DEFAULT),
          AiGatewayConfig.Access.ANY);

  @ParameterizedTest
  @CsvSource({
    "gpt-4o, openai:gpt-4o",
    "GPT-4O, openai:gpt-4o",
    "gpt-99-preview, openai:gpt-99-preview",
    "o3-pro, openai:o3-pro",
    "text-embedding-9, openai:text-embedding-9",
    "ft:gpt-4o:acme::1, openai:ft:gpt-4o:acme::1",
    "claude-sonnet-5-5, anthropic:claude-sonnet-5-5",
    "claude-unheard-of, anthropic:claude-unheard-of",
    "gemini-2.5-pro, google:gemini-2.5-pro",
    "deepseek-flash, deepseek:deepseek-flash",
    "openai:gpt-4o, openai:gpt-4o",
    "OpenAI:GPT-4o, openai:gpt-4o",
    "openai:brand-new, openai:brand-new",
    "groq:openai/gpt-oss-120b, groq:openai/gpt-oss-120b",
    "openrouter:deepseek/deepseek-r1:free, openrouter:deepseek/deepseek-r1:free",
    "my-ollama:llama3:8b, my-ollama:llama3:8b",
    "MY-OLLAMA:Llama3:8b, my-ollama:Llama3:8b"
  })
  void aNameLeadsToItsProvider(String name, String expected) {
    assertThat(found(Surface.CHAT_COMPLETIONS, name)).containsExactly(expected);
  }

  @Test
  void fallbacksFollowInOrderAndNoneTwice() {
    assertThat(
            found(
                Surface.CHAT_COMPLETIONS,
                "gpt-4o",
                "unheard-of",
                "claude-opus-5-5",
                "openai:GPT-4o",
                "gemini-2.5-pro"))
        .containsExactly("openai:gpt-4o", "anthropic:claude-opus-5-5", "google:gemini-2.5-pro");
  }

  @Test
  void providersOfOtherFormatsComeAfterThoseThatSpeakTheClients() {
    assertThat(found(Surface.MESSAGES, "gpt-4o", "claude-opus-5-5", "deepseek-flash"))
        .containsExactly("anthropic:claude-opus-5-5", "deepseek:deepseek-flash", "openai:gpt-4o");
    assertThat(found(Surface.MESSAGES, "gpt-4o")).containsExactly("openai:gpt-4o");
  }

  @Test
  void whatCannotBeTranslatedNeedsAProviderThatSpeaksTheFormat() {
    assertThat(none(Surface.COUNT_TOKENS, "gpt-4o"))
        .isEqualTo("Provider 'openai' of model 'gpt-4o' does not serve the count-tokens surface");
  }

  @Test
  void anUnknownNameIsRefusedWithTheFormThatWouldDo() {
    assertThat(none(Surface.CHAT_COMPLETIONS, "unheard-of"))
        .isEqualTo(
            "No provider is known to serve model 'unheard-of'; name one, as in 'openai:gpt-4o'");
    assertThat(none(Surface.CHAT_COMPLETIONS, "nobody:gpt-4o")).contains("nobody:gpt-4o");
    assertThat(none(Surface.CHAT_COMPLETIONS, "openai:")).contains("'openai:'");
    assertThat(none(Surface.CHAT_COMPLETIONS, ":gpt-4o")).contains("':gpt-4o'");
  }

  @Test
  void autoStandsForTheModelsOfTheCatalogThatServeTheSurface() {
    List<String> chat = found(Surface.CHAT_COMPLETIONS, "keygate/auto");
    assertThat(chat).contains("openai:gpt-4o", "anthropic:claude-opus-5-5").doesNotHaveDuplicates();
    assertThat(chat).noneMatch(name -> name.contains("embedding"));
    assertThat(found(Surface.EMBEDDINGS, "ngrok/auto"))
        .contains("openai:text-embedding-3-small")
        .noneMatch(name -> name.contains("gpt"));
    assertThat(found(Surface.MESSAGES, "ngrok/auto")).noneMatch(name -> name.startsWith("openai"));
  }

  @Test
  void aRequestWithoutAModelIsRoutedByWhatTheSurfaceNeeds() {
    assertThat(names(CANDIDATES.unnamed(Surface.CHAT_COMPLETIONS, "POST")))
        .contains("openai:gpt-4o");
    assertThat(names(CANDIDATES.unnamed(Surface.FILES, "POST")))
        .startsWith("openai", "anthropic", "google")
        .contains("my-ollama");
  }

  private static List<String> found(Surface surface, String... names) {
    return names(CANDIDATES.named(surface, List.of(names)));
  }

  private static List<String> names(Resolution resolution) {
    return ((Resolution.Found) resolution).candidates().stream().map(Candidate::toString).toList();
  }

  private static String none(Surface surface, String... names) {
    Resolution.None none = (Resolution.None) CANDIDATES.named(surface, List.of(names));
    assertThat(none.refusal().code()).isEqualTo(ErrorCode.NO_CANDIDATE);
    return none.refusal().message();
  }
}
