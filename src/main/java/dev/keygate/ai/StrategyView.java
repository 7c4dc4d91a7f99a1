package dev.keygate.ai;

import dev.keygate.ai.RollingWindow.Ending;
import dev.keygate.ai.RollingWindow.Snapshot;
import dev.keygate.ai.RollingWindow.Timed;
import dev.keygate.ai.catalog.Author;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.ai.catalog.Model;
import dev.keygate.ai.catalog.Prices;
import dev.keygate.ai.selection.Item;
import dev.keygate.ai.selection.Types;
import dev.keygate.exchange.Exchange;
import dev.keygate.live.ProviderKey;
import dev.keygate.policy.expression.Lenient;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Candidates and keys as strategies read them, for one request. Fields are computed when read. */
final class StrategyView {
  private final Catalog catalog;
  private final TrafficWindows windows;
  private final Exchange exchange;
  private final long now;

  StrategyView(Catalog catalog, TrafficWindows windows, Exchange exchange, long now) {
    this.catalog = catalog;
    this.windows = windows;
    this.exchange = exchange;
    this.now = now;
  }

  /** What a strategy about models is given: these candidates and nothing beyond them. */
  Map<String, List<Item>> models(List<Candidate> candidates) {
    List<Item> models = candidates.stream().map(this::model).toList();
    Map<String, List<Item>> byProvider = new LinkedHashMap<>();
    Map<String, List<Item>> byAuthor = new LinkedHashMap<>();
    for (Item model : models) {
      Candidate candidate = (Candidate) model.subject();
      String author = candidate.listing().facts().authorId();
      byProvider.computeIfAbsent(candidate.provider().id(), added -> new ArrayList<>()).add(model);
      if (!author.isEmpty()) {
        byAuthor.computeIfAbsent(author, added -> new ArrayList<>()).add(model);
      }
    }
    return Map.of(
        "ai.models",
        models,
        "ai.providers",
        byProvider.values().stream().map(StrategyView::provider).toList(),
        "ai.authors",
        byAuthor.entrySet().stream().map(one -> author(one.getKey(), one.getValue())).toList());
  }

  /** What a strategy about keys is given. */
  Map<String, List<Item>> keys(List<ProviderKey> keys) {
    return Map.of("ai.keys", keys.stream().map(this::key).toList());
  }

  private Item model(Candidate candidate) {
    return new Item(Types.MODEL, candidate, name -> model(candidate, name));
  }

  private @Nullable Object model(Candidate candidate, String name) {
    Candidate.Listing listing = candidate.listing();
    Model facts = listing.facts();
    return switch (name) {
      case "id" -> candidate.model();
      case "id_aliases" -> facts.aliases();
      case "provider_id" -> candidate.provider().id();
      case "provider_id_aliases" -> candidate.provider().aliases();
      case "author_id" -> facts.authorId();
      case "author_id_aliases" -> aliasesOf(facts.authorId());
      case "display_name" -> facts.displayName();
      case "description" -> listing.description();
      case "known" -> listing.origin() == Candidate.Origin.CATALOG;
      case "custom" -> listing.origin() == Candidate.Origin.CONFIGURED;
      case "metadata" -> Lenient.map(listing.metadata());
      case "input_modalities" -> facts.inputModalities();
      case "output_modalities" -> facts.outputModalities();
      case "supported_features" -> facts.features();
      case "max_context_window" -> facts.contextWindow();
      case "max_output_tokens" -> facts.maxOutputTokens();
      case "pricing" -> new Item(Types.PRICING, facts, price -> price(facts.prices(), price));
      case "datacenters" -> datacenters(listing.metadata());
      case "metrics" -> new Item(Types.METRICS, candidate, scope -> metrics(candidate, scope));
      default -> null;
    };
  }

  /** What no source knows is beyond every price, so that it is neither cheap nor first. */
  private static Object price(Prices prices, String name) {
    double price =
        switch (name) {
          case "input" -> prices.input();
          case "output" -> prices.output();
          case "input_cache_read" -> prices.cacheRead();
          case "input_cache_write" -> prices.cacheWrite();
          default -> Double.NaN;
        };
    return Double.isNaN(price) ? Double.POSITIVE_INFINITY : price;
  }

  /** Where a policy says that a model runs: {@code metadata.datacenters}. */
  private static List<Item> datacenters(Map<String, Object> metadata) {
    List<Item> datacenters = new ArrayList<>();
    if (metadata.get("datacenters") instanceof List<?> listed) {
      for (Object each : listed) {
        if (each instanceof Map<?, ?> place) {
          datacenters.add(
              new Item(
                  Types.DATACENTER, place, name -> place.get(name) instanceof String s ? s : ""));
        }
      }
    }
    return datacenters;
  }

  private static Item provider(List<Item> models) {
    Provider provider = ((Candidate) models.getFirst().subject()).provider();
    return new Item(
        Types.PROVIDER,
        provider,
        name ->
            switch (name) {
              case "id" -> provider.id();
              case "id_aliases" -> provider.aliases();
              case "display_name" -> provider.about().displayName();
              case "description" -> provider.about().description();
              case "website" -> provider.about().website();
              case "metadata" -> Lenient.map(provider.about().metadata());
              case "models" -> models;
              default -> null;
            });
  }

  private Item author(String id, List<Item> models) {
    return new Item(
        Types.AUTHOR,
        id,
        name ->
            switch (name) {
              case "id" -> id;
              case "id_aliases" -> aliasesOf(id);
              case "display_name" ->
                  catalog.authors().stream()
                      .filter(author -> author.id().equals(id))
                      .map(Author::displayName)
                      .findFirst()
                      .orElse(id);
              case "description" -> "";
              case "models" -> models;
              default -> null;
            });
  }

  private List<String> aliasesOf(String authorId) {
    return catalog.authors().stream()
        .filter(author -> author.id().equals(authorId))
        .map(Author::aliases)
        .findFirst()
        .orElse(List.of());
  }

  private @Nullable Object metrics(Candidate candidate, String scope) {
    return switch (scope) {
      case "global", "region", "account" -> window(candidate, windows.of(candidate, now), "");
      case "endpoint" -> window(candidate, windows.at(exchange.endpoint(), candidate, now), "");
      case "api_keys" -> {
        Map<String, Item> byKey = new LinkedHashMap<>();
        windows
            .byKey(candidate, now)
            .forEach((key, snapshot) -> byKey.put(key, window(candidate, snapshot, key)));
        yield byKey;
      }
      default -> null;
    };
  }

  private Item window(Candidate candidate, Snapshot snapshot, String keyId) {
    return new Item(
        Types.WINDOW,
        snapshot,
        name ->
            switch (name) {
              case "provider" -> candidate.provider().id();
              case "model" -> candidate.model();
              case "request_count" -> snapshot.requests();
              case "latency" -> new Item(Types.LATENCY, snapshot, time -> latency(snapshot, time));
              case "error_rate" -> errorRate(snapshot);
              case "quota" -> quota(windows.quota(keyId));
              default -> null;
            });
  }

  private static @Nullable Object latency(Snapshot snapshot, String name) {
    return switch (name) {
      case "gateway_ms_avg" -> snapshot.average(Timed.GATEWAY);
      case "gateway_ms_p95" -> snapshot.p95(Timed.GATEWAY);
      case "upstream_ms_avg" -> snapshot.average(Timed.UPSTREAM);
      case "upstream_ms_p95" -> snapshot.p95(Timed.UPSTREAM);
      case "time_to_first_token_ms_avg" ->
          snapshot.has(Timed.FIRST_TOKEN) ? snapshot.average(Timed.FIRST_TOKEN) : null;
      case "time_to_first_token_ms_p95" ->
          snapshot.has(Timed.FIRST_TOKEN) ? snapshot.p95(Timed.FIRST_TOKEN) : null;
      default -> null;
    };
  }

  private static Item errorRate(Snapshot snapshot) {
    return new Item(
        Types.ERROR_RATE,
        snapshot,
        name ->
            switch (name) {
              case "total" -> snapshot.errors();
              case "timeout" -> snapshot.share(Ending.TIMEOUT);
              case "rate_limit" -> snapshot.share(Ending.RATE_LIMIT);
              case "client" -> snapshot.share(Ending.CLIENT);
              case "server" -> snapshot.share(Ending.SERVER);
              default -> null;
            });
  }

  private static Item quota(Quota quota) {
    return new Item(
        Types.QUOTA,
        quota,
        name ->
            switch (name) {
              case "remaining_requests" -> quota.remainingRequests();
              case "remaining_tokens" -> quota.remainingTokens();
              case "limit_requests" -> quota.limitRequests();
              case "limit_tokens" -> quota.limitTokens();
              default -> null;
            });
  }

  private Item key(ProviderKey key) {
    return new Item(
        Types.KEY,
        key,
        name ->
            switch (name) {
              case "id" -> key.id();
              case "provider_id" -> key.providerId();
              case "quota" -> quota(windows.quota(key.id()));
              case "error_rate" -> errorRate(windows.of(key, now));
              default -> null;
            });
  }
}
