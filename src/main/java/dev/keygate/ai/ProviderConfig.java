package dev.keygate.ai;

import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import dev.keygate.policy.expression.Template;
import dev.keygate.secret.Secret;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the {@code ai-gateway} action's {@code providers}: a custom provider, or what is
 * different about a built-in one.
 *
 * @param id lower case; any id that is not built in is a custom provider
 * @param idAliases other ids by which clients may name it, in lower case
 * @param baseUrl where it is, or null for a built-in provider's own
 * @param surfaces what it speaks; nothing for a built-in provider's own, or all of OpenAI's for a
 *     custom one
 * @param keyNeed whether it is called without a key, or null for the default: built-in providers
 *     need one, custom ones do not
 * @param apiKeys in the order in which they are tried
 * @param forwardHeaders names of client headers it gets beyond the allow-list of SPEC.md section 6
 * @param isDisabled whether no request may go there
 */
public record ProviderConfig(
    String id,
    List<String> idAliases,
    @Nullable BaseUrl baseUrl,
    Surfaces surfaces,
    @Nullable KeyNeed keyNeed,
    List<Template> apiKeys,
    List<String> forwardHeaders,
    List<ModelConfig> models,
    Provider.About about,
    boolean isDisabled) {

  /** Whether a provider is called without a key. */
  public enum KeyNeed {
    REQUIRED,
    OPTIONAL
  }

  /**
   * What a provider speaks.
   *
   * @param formats in which it is called
   * @param only the surfaces that it serves of them; empty for all
   * @param supportedParams for a surface, the only top-level fields that it is sent
   */
  public record Surfaces(
      Set<Format> formats, Set<Surface> only, Map<Surface, Set<String>> supportedParams) {
    public static final Surfaces UNSAID = new Surfaces(Set.of(), Set.of(), Map.of());

    public Surfaces {
      formats = Set.copyOf(formats);
      only = Set.copyOf(only);
      supportedParams = Map.copyOf(supportedParams);
    }

    /** All surfaces of these formats. */
    public static Surfaces of(Set<Format> formats) {
      return new Surfaces(formats, Set.of(), Map.of());
    }
  }

  public ProviderConfig {
    id = id.toLowerCase(Locale.ROOT);
    idAliases = idAliases.stream().map(alias -> alias.toLowerCase(Locale.ROOT)).toList();
    apiKeys = List.copyOf(apiKeys);
    forwardHeaders = List.copyOf(forwardHeaders);
    models = List.copyOf(models);
  }

  /** A provider without models, labels or limits of its own. */
  public ProviderConfig(
      String id,
      @Nullable BaseUrl baseUrl,
      Set<Format> formats,
      @Nullable KeyNeed keyNeed,
      List<Secret> apiKeys,
      List<String> forwardHeaders) {
    this(
        id,
        List.of(),
        baseUrl,
        Surfaces.of(formats),
        keyNeed,
        apiKeys.stream().map(secret -> Template.of(secret.reveal())).toList(),
        forwardHeaders,
        List.of(),
        Provider.About.named(""),
        false);
  }

  /** A provider at {@code baseUrl} with every other setting at its default. */
  public static ProviderConfig at(String id, BaseUrl baseUrl) {
    return new ProviderConfig(id, baseUrl, Set.of(), null, List.of(), List.of());
  }
}
