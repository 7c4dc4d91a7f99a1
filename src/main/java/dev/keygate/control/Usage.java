package dev.keygate.control;

import dev.keygate.store.Store;
import dev.keygate.store.UsageRow;
import dev.keygate.store.UsageTable.Dimension;
import dev.keygate.store.UsageTable.Question;
import dev.keygate.store.UsageTable.Span;
import dev.keygate.usage.Histogram;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /usage} and {@code /usage/overview}: sums of what requests used. */
final class Usage {
  static final String LIST = "usage.list";
  static final String OVERVIEW = "usage.overview";

  private static final int MOST_GROUPS = 1000;
  private static final int MOST_BUCKETS = 2000;
  private static final int TOP = 10;
  private static final Duration FEW_HOURS = Duration.ofHours(6);
  private static final Duration WEEK = Duration.ofDays(8);

  private final Store store;

  Usage(Store store) {
    this.store = store;
  }

  /** What sums are told apart by, and what the answer calls it. */
  private enum Group {
    KEY(Dimension.KEY, "ai_gateway_api_key_id"),
    MODEL(Dimension.MODEL, "model"),
    PROVIDER(Dimension.PROVIDER, "provider"),
    ENDPOINT(Dimension.ENDPOINT, "endpoint_id"),
    HOUR(Dimension.BUCKET, "at"),
    DAY(Dimension.BUCKET, "at");

    private final Dimension dimension;
    private final String field;

    Group(Dimension dimension, String field) {
      this.dimension = dimension;
      this.field = field;
    }

    static Group of(String name) {
      for (Group group : values()) {
        if (group.name().equalsIgnoreCase(name)) {
          return group;
        }
      }
      throw ApiError.inField(
          ErrorCode.INVALID_FIELD,
          "group_by",
          "'" + name + "', expected key, model, provider, endpoint, hour or day");
    }
  }

  /** Sums by key, model, provider, endpoint, hour or day. */
  Answer list(Call call) {
    Group group = Group.of(call.query().getOrDefault("group_by", "key"));
    Period period = Period.of(call);
    Span span =
        switch (group) {
          case HOUR -> Span.HOUR;
          case DAY -> Span.DAY;
          default -> period.length().compareTo(WEEK) > 0 ? Span.DAY : Span.HOUR;
        };
    Question question = question(call, period, span, Set.of(group.dimension));
    List<UsageRow> rows = store.read(tables -> tables.usage().sums(question, MOST_GROUPS));
    if (group.dimension == Dimension.BUCKET) {
      rows = rows.stream().sorted(Comparator.comparing(UsageRow::bucket)).toList();
    }
    ObjectNode shown = shown(question);
    ArrayNode groups = shown.putArray("usage");
    rows.forEach(row -> groups.add(group(row, group)));
    return Answer.ok(shown);
  }

  /** Totals, their course over time, and who and what most requests were of. */
  Answer overview(Call call) {
    if (!call.id().equals("overview")) {
      throw ApiError.of(
          ErrorCode.NOT_FOUND,
          "Nothing is at /usage/" + call.id() + ", only /usage and /usage/overview");
    }
    Period period = Period.of(call);
    boolean isOfKey = call.query().containsKey("ai_gateway_api_key_id");
    Span detailed = period.length().compareTo(WEEK) > 0 ? Span.DAY : Span.HOUR;
    Span span = !isOfKey && period.length().compareTo(FEW_HOURS) <= 0 ? Span.MINUTE : detailed;
    Question all = question(call, period, span, Set.of());
    Question course = question(call, period, span, Set.of(Dimension.BUCKET));
    Question keys = question(call, period, detailed, Set.of(Dimension.KEY));
    Question models = question(call, period, detailed, Set.of(Dimension.PROVIDER, Dimension.MODEL));
    return store.read(tables -> {
      ObjectNode shown = shown(all);
      shown.put("step_seconds", span.seconds());
      shown.set("totals", sums(tables.usage().sums(all, 1).getFirst()));
      ArrayNode series = shown.putArray("series");
      tables.usage().sums(course, MOST_BUCKETS).stream()
          .sorted(Comparator.comparing(UsageRow::bucket))
          .forEach(row -> series.add(group(row, Group.HOUR)));
      ArrayNode topKeys = shown.putArray("top_keys");
      tables.usage().sums(keys, TOP).forEach(row -> topKeys.add(group(row, Group.KEY)));
      ArrayNode topModels = shown.putArray("top_models");
      tables
          .usage()
          .sums(models, TOP)
          .forEach(row -> topModels.add(group(row, Group.MODEL).put("provider", row.provider())));
      return Answer.ok(shown);
    });
  }

  private static Question question(Call call, Period period, Span span, Set<Dimension> apartBy) {
    Map<Dimension, String> only = new EnumMap<>(Dimension.class);
    only(call, "endpoint_id", Dimension.ENDPOINT, only);
    only(call, "ai_gateway_api_key_id", Dimension.KEY, only);
    only(call, "provider", Dimension.PROVIDER, only);
    only(call, "model", Dimension.MODEL, only);
    return new Question(span, span.bucketOf(period.since()), period.until(), only, apartBy);
  }

  private static void only(
      Call call, String parameter, Dimension dimension, Map<Dimension, String> only) {
    String value = call.query().getOrDefault(parameter, "");
    if (!value.isEmpty()) {
      only.put(dimension, value);
    }
  }

  private static ObjectNode shown(Question question) {
    return Json.object()
        .put("since", Json.time(question.since()))
        .put("until", Json.time(question.until()));
  }

  private static ObjectNode group(UsageRow row, Group group) {
    ObjectNode shown = Json.object();
    shown.put(
        group.field,
        switch (group) {
          case KEY -> row.keyId();
          case MODEL -> row.model();
          case PROVIDER -> row.provider();
          case ENDPOINT -> row.endpointId();
          case HOUR, DAY -> Json.time(row.bucket());
        });
    return shown.setAll(sums(row));
  }

  private static ObjectNode sums(UsageRow row) {
    return Json.object()
        .put("requests", row.requests())
        .put("errors", row.errors())
        .put("tokens_in", row.tokensIn())
        .put("tokens_out", row.tokensOut())
        .put("tokens_estimated", row.tokensEstimated())
        .put("cost_usd", Requests.dollars(row.cost()))
        .put("duration_p50_ms", milliseconds(row.took(), 0.5))
        .put("duration_p95_ms", milliseconds(row.took(), 0.95))
        .put("first_byte_p50_ms", milliseconds(row.first(), 0.5))
        .put("first_byte_p95_ms", milliseconds(row.first(), 0.95));
  }

  private static double milliseconds(long[] counts, double part) {
    return Math.round(Histogram.quantile(counts, part) * 10) / 10.0;
  }
}
