package dev.keygate.ai.catalog;

import dev.keygate.exchange.Format;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads a catalog from JSON (docs/models.md describes the fields), and takes nothing that it does
 * not know: a misspelt field, a second entry of the same name or a negative price is an error. All
 * errors are told together.
 */
public final class CatalogReader {
  /** Longest document, in bytes. */
  public static final int MAX_BYTES = 8 * 1024 * 1024;

  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_TOLD = 20;
  private static final int MAX_DEPTH = 8;

  private static final Set<String> TOP =
      Set.of("about", "gathered", "sources", "providers", "authors", "models", "prefixes");
  private static final Set<String> PROVIDER =
      Set.of("id", "aliases", "name", "website", "base_urls");
  private static final Set<String> AUTHOR = Set.of("id", "aliases", "name");
  private static final Set<String> PREFIX = Set.of("prefix", "provider");
  private static final Set<String> PRICE = Set.of("input", "output", "cache_read", "cache_write");
  private static final Set<String> MODEL =
      Set.of(
          "id",
          "aliases",
          "provider",
          "author",
          "name",
          "kind",
          "released",
          "input",
          "output",
          "context_window",
          "max_output",
          "features",
          "price",
          "unsupported_params");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
                  .build())
          .build();

  private final List<String> problems = new ArrayList<>();
  private final Set<String> seen = new HashSet<>();

  private CatalogReader() {}

  /**
   * Reads a catalog.
   *
   * @throws IllegalArgumentException if it is no catalog; the message tells everything wrong
   */
  public static Catalog read(byte[] json) {
    if (json.length > MAX_BYTES) {
      throw new IllegalArgumentException(json.length + " bytes: expected at most " + MAX_BYTES);
    }
    try {
      return new CatalogReader().catalog(JSON.readTree(json));
    } catch (JacksonException malformed) {
      throw new IllegalArgumentException("not JSON: " + malformed.getOriginalMessage(), malformed);
    }
  }

  private Catalog catalog(JsonNode document) {
    CatalogEntry top = new CatalogEntry("", document, TOP, problems);
    Catalog catalog =
        new Catalog(
            entries(top, "providers", PROVIDER, this::provider),
            entries(top, "authors", AUTHOR, this::author),
            entries(top, "models", MODEL, this::model),
            entries(top, "prefixes", PREFIX, this::prefix));
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(
          String.join("; ", problems.subList(0, Math.min(MAX_TOLD, problems.size()))));
    }
    return catalog;
  }

  private <T> List<T> entries(
      CatalogEntry top, String name, Set<String> known, BiFunction<String, CatalogEntry, T> read) {
    List<T> entries = new ArrayList<>();
    for (JsonNode node : top.array(name, MAX_ENTRIES)) {
      String where = name + '[' + entries.size() + ']';
      entries.add(read.apply(where, new CatalogEntry(where, node, known, problems)));
    }
    return entries;
  }

  private ProviderFacts provider(String where, CatalogEntry entry) {
    String id = lower(entry.text("id"));
    once("provider", where, id);
    Map<Format, String> baseUrls = new EnumMap<>(Format.class);
    entry
        .texts("base_urls", Set.of("openai", "anthropic"))
        .forEach(
            (format, url) -> baseUrls.put(Format.valueOf(format.toUpperCase(Locale.ROOT)), url));
    return new ProviderFacts(
        id,
        lower(entry.list("aliases")),
        entry.text("name", id),
        entry.text("website", ""),
        baseUrls);
  }

  private Author author(String where, CatalogEntry entry) {
    String id = lower(entry.text("id"));
    once("author", where, id);
    return new Author(id, lower(entry.list("aliases")), entry.text("name", id));
  }

  private Catalog.Prefix prefix(String where, CatalogEntry entry) {
    String text = lower(entry.text("prefix"));
    once("prefix", where, text);
    return new Catalog.Prefix(text, lower(entry.text("provider")));
  }

  private Model model(String where, CatalogEntry entry) {
    String id = entry.text("id");
    String provider = lower(entry.text("provider"));
    List<String> aliases = lower(entry.list("aliases"));
    once("model", where, provider + ':' + lower(id));
    aliases.forEach(alias -> once("model", where, provider + ':' + alias));
    return new Model(
        id,
        aliases,
        provider,
        lower(entry.text("author", provider)),
        entry.text("name", id),
        entry.choice("kind", Kind.CHAT),
        released(where, entry.text("released", "")),
        entry.list("input"),
        entry.list("output"),
        entry.whole("context_window"),
        entry.whole("max_output"),
        entry.list("features"),
        prices(entry),
        Set.copyOf(entry.list("unsupported_params")));
  }

  private Prices prices(CatalogEntry model) {
    CatalogEntry price = model.below("price", PRICE);
    return price == null
        ? Prices.UNKNOWN
        : new Prices(
            price.amount("input"),
            price.amount("output"),
            price.amount("cache_read"),
            price.amount("cache_write"));
  }

  private Instant released(String where, String date) {
    try {
      return date.isEmpty()
          ? Instant.EPOCH
          : LocalDate.parse(date).atStartOfDay(ZoneOffset.UTC).toInstant();
    } catch (DateTimeParseException malformed) {
      problems.add(where + ".released: '" + date + "': expected a date such as 2026-03-05");
      return Instant.EPOCH;
    }
  }

  private void once(String what, String where, String name) {
    if (!seen.add(what + ' ' + name)) {
      problems.add(where + ": the " + what + " '" + name + "' is there twice");
    }
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  private static List<String> lower(List<String> texts) {
    return texts.stream().map(CatalogReader::lower).toList();
  }
}
