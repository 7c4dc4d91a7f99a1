package dev.keygate.ai;

import dev.keygate.ai.Candidate.Access;
import dev.keygate.ai.Candidate.Listing;
import dev.keygate.ai.Candidate.Origin;
import dev.keygate.ai.catalog.Kind;
import dev.keygate.ai.catalog.Model;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a policy's entry makes of a model. Pure. */
final class ModelChange {
  private ModelChange() {}

  /**
   * The candidate that an entry describes.
   *
   * @param known what the catalog has of that name, or null
   */
  static Candidate candidate(
      Provider provider, @Nullable Model known, ModelConfig said, Access access) {
    Model base = known == null ? Model.named(provider.id(), said.id()) : known;
    // An entry that gives a catalog model's alias as its id means that very snapshot.
    boolean isSame = base.id().equalsIgnoreCase(said.id());
    Set<String> aliases = new LinkedHashSet<>();
    said.idAliases().forEach(alias -> aliases.add(alias.toLowerCase(Locale.ROOT)));
    if (isSame) {
      aliases.addAll(base.aliases());
    }
    Model model =
        new Model(
            isSame ? base.id() : said.id(),
            List.copyOf(aliases),
            provider.id(),
            or(said.authorId().toLowerCase(Locale.ROOT), base.authorId()),
            or(said.displayName(), isSame ? base.displayName() : said.id()),
            kind(said, base),
            base.released(),
            or(said.inputModalities(), base.inputModalities()),
            or(said.outputModalities(), base.outputModalities()),
            said.maxContextWindow() > 0 ? said.maxContextWindow() : base.contextWindow(),
            said.maxOutputTokens() > 0 ? said.maxOutputTokens() : base.maxOutputTokens(),
            or(said.supportedFeatures(), base.features()),
            base.prices(),
            said.unsupportedParams().isEmpty()
                ? base.unsupportedParams()
                : said.unsupportedParams());
    return new Candidate(
        provider,
        model.id(),
        new Listing(
            model,
            known == null ? Origin.CONFIGURED : Origin.CATALOG,
            access,
            said.description(),
            metadata(provider, said),
            model.unsupportedParams()));
  }

  private static Map<String, Object> metadata(Provider provider, ModelConfig said) {
    if (provider.about().metadata().isEmpty()) {
      return said.metadata();
    }
    Map<String, Object> both = new HashMap<>(provider.about().metadata());
    both.putAll(said.metadata());
    return both;
  }

  private static Kind kind(ModelConfig said, Model base) {
    if (said.outputModalities().isEmpty()) {
      return base.kind();
    }
    if (said.outputModalities().contains("embedding")
        || said.outputModalities().contains("embeddings")) {
      return Kind.EMBEDDING;
    }
    return said.outputModalities().contains("text") ? Kind.CHAT : Kind.OTHER;
  }

  private static String or(String said, String known) {
    return said.isEmpty() ? known : said;
  }

  private static List<String> or(List<String> said, List<String> known) {
    return said.isEmpty() ? known : said;
  }
}
