package dev.keygate.control;

import dev.keygate.endpoint.EndpointUrl;
import dev.keygate.endpoint.HostPattern;
import dev.keygate.identifier.Identifiers;
import dev.keygate.store.EndpointRow;
import dev.keygate.store.Store;
import dev.keygate.store.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /endpoints}. */
final class Endpoints implements Resource<EndpointRow> {
  static final String COLLECTION = "endpoints";

  private static final String DEFAULT_POLICY = "on_http_request:\n  - type: ai-gateway\n";

  private final Identifiers identifiers;
  private final PolicyInspector policies;

  Endpoints(Identifiers identifiers, PolicyInspector policies) {
    this.identifiers = identifiers;
    this.policies = policies;
  }

  @Override
  public String collection() {
    return COLLECTION;
  }

  @Override
  public String prefix() {
    return "ep";
  }

  @Override
  public String noun() {
    return "endpoint";
  }

  @Override
  public Table<EndpointRow> table(Store.Tables tables) {
    return tables.endpoints();
  }

  @Override
  public String id(EndpointRow row) {
    return row.id();
  }

  @Override
  public ObjectNode fields(EndpointRow row) {
    EndpointUrl url = EndpointUrl.parse(row.url());
    ObjectNode shown = Json.object();
    shown.put("id", row.id());
    shown.put("uri", Links.of(COLLECTION, row.id()));
    shown.put("created_at", Json.time(row.createdAt()));
    shown.put("updated_at", Json.time(row.updatedAt()));
    shown.set("created_by", Json.actor(row.createdBy()));
    shown.set("last_updated_by", Json.actor(row.lastUpdatedBy()));
    shown.put("url", row.url());
    shown.put("public_url", row.url());
    shown.put("proto", url.scheme());
    shown.put("scheme", url.scheme());
    shown.put("host", url.host());
    shown.put("port", url.effectivePort());
    shown.put("hostport", url.host() + ":" + url.effectivePort());
    shown.put("type", row.type());
    ArrayNode bindings = shown.putArray("bindings");
    for (String binding : row.bindings().split(",", -1)) {
      bindings.add(binding);
    }
    shown.put("traffic_policy", row.trafficPolicy());
    shown.put("description", row.description());
    shown.put("metadata", row.metadata());
    shown.put("pooling_enabled", row.poolingEnabled());
    shown.put("default", row.isDefault());
    shown.put("disabled", row.disabled());
    return shown;
  }

  @Override
  public Created<EndpointRow> create(Change change) {
    Call call = change.call();
    String id = identifiers.next("ep");
    EndpointRow row =
        new EndpointRow(
            id,
            change.now(),
            change.now(),
            change.actor(),
            change.actor(),
            url(call.text("url", ""), id, change),
            call.text("type", "cloud"),
            bindings(call, "public"),
            policy(call, DEFAULT_POLICY),
            call.text("description", ""),
            call.text("metadata", ""),
            call.flag("pooling_enabled", false),
            false,
            call.flag("disabled", false));
    change.tables().endpoints().insert(row);
    return new Created<>(row, Optional.empty());
  }

  @Override
  public EndpointRow update(EndpointRow row, Change change) {
    Call call = change.call();
    return new EndpointRow(
        row.id(),
        row.createdAt(),
        change.now(),
        row.createdBy(),
        change.actor(),
        call.body().has("url") ? url(call.text("url", ""), row.id(), change) : row.url(),
        call.text("type", row.type()),
        bindings(call, row.bindings()),
        policy(call, row.trafficPolicy()),
        call.text("description", row.description()),
        call.text("metadata", row.metadata()),
        call.flag("pooling_enabled", row.poolingEnabled()),
        row.isDefault(),
        call.flag("disabled", row.disabled()));
  }

  @Override
  public void beforeDelete(EndpointRow row, Change change) {
    long keys = change.tables().gatewayKeys().countOfEndpoint(row.id());
    if (keys > 0) {
      throw ApiError.of(
              ErrorCode.ENDPOINT_IN_USE,
              "The endpoint has " + keys + " gateway API keys. Delete them first.")
          .with("keys", Long.toString(keys));
    }
  }

  private static String url(String text, String ownId, Change change) {
    EndpointUrl url;
    try {
      url = EndpointUrl.parse(text);
    } catch (IllegalArgumentException e) {
      throw ApiError.invalid("url", String.valueOf(e.getMessage()));
    }
    HostPattern hosts = hosts(url);
    change
        .tables()
        .endpoints()
        .forEach(other -> {
          if (!other.id().equals(ownId) && hosts(EndpointUrl.parse(other.url())).equals(hosts)) {
            throw ApiError.inField(
                    ErrorCode.URL_TAKEN,
                    "url",
                    "endpoint " + other.id() + " answers for these hosts, as " + other.url())
                .with("endpoint_id", other.id());
          }
        });
    return url.toString();
  }

  /** The hosts that a URL is about; naming its scheme's own port makes no other URL of it. */
  private static HostPattern hosts(EndpointUrl url) {
    HostPattern written = url.hostPattern();
    int own = new EndpointUrl(url.scheme(), url.host(), 0).effectivePort();
    return new HostPattern(
        written.name(), written.wildcard(), written.port() == own ? 0 : written.port());
  }

  @Override
  public List<String> warnings(EndpointRow row, Call call) {
    return call.body().has("traffic_policy") ? policies.warnings(row.trafficPolicy()) : List.of();
  }

  /** The document to store, once the compiler of requests has nothing against it. */
  private String policy(Call call, String before) {
    String document = call.text("traffic_policy", before);
    if (!call.body().has("traffic_policy")) {
      return document;
    }
    List<String> problems = policies.problems(document, call.flag("allow_open_relay", false));
    if (!problems.isEmpty()) {
      throw ApiError.of(
              ErrorCode.INVALID_POLICY,
              "The traffic policy is not valid:\n" + String.join("\n", problems))
          .with("field", "traffic_policy");
    }
    return document;
  }

  private static String bindings(Call call, String before) {
    JsonNode list = call.body().get("bindings");
    if (list == null) {
      return before;
    }
    List<String> bindings = new ArrayList<>();
    list.forEach(binding -> bindings.add(binding.asString().replace(",", "")));
    return bindings.isEmpty() ? "public" : String.join(",", bindings);
  }
}
