package dev.keygate.ai.selection;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;

import com.google.common.collect.ImmutableMap;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.StructType;
import dev.cel.common.types.StructTypeReference;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What strategies read, field by field. What is null where nothing is known is declared as any
 * value.
 */
public final class Types {
  public static final CelType MODEL = StructTypeReference.create("AIModel");
  public static final CelType PROVIDER = StructTypeReference.create("AIProvider");
  public static final CelType AUTHOR = StructTypeReference.create("AIAuthor");
  public static final CelType KEY = StructTypeReference.create("AIKey");
  public static final CelType WINDOW = StructTypeReference.create("AIMetricsWindow");
  public static final CelType METRICS = StructTypeReference.create("AIMetrics");
  public static final CelType LATENCY = StructTypeReference.create("AILatency");
  public static final CelType ERROR_RATE = StructTypeReference.create("AIErrorRate");
  public static final CelType QUOTA = StructTypeReference.create("AIQuota");
  public static final CelType PRICING = StructTypeReference.create("AIPricing");
  public static final CelType DATACENTER = StructTypeReference.create("AIDatacenter");

  static final CelType MODELS = ListType.create(MODEL);
  static final CelType PROVIDERS = ListType.create(PROVIDER);
  static final CelType AUTHORS = ListType.create(AUTHOR);
  static final CelType KEYS = ListType.create(KEY);

  private static final CelType TEXTS = ListType.create(STRING);
  private static final CelType METADATA = MapType.create(STRING, DYN);

  private Types() {}

  static List<StructType> all() {
    return List.of(
        model(),
        named(PROVIDER)
            .with(TEXTS, "id_aliases")
            .with(STRING, "website")
            .with(METADATA, "metadata")
            .with(MODELS, "models")
            .type(),
        named(AUTHOR).with(TEXTS, "id_aliases").with(MODELS, "models").type(),
        new Declared(KEY)
            .with(STRING, "id", "provider_id")
            .with(QUOTA, "quota")
            .with(ERROR_RATE, "error_rate")
            .type(),
        new Declared(METRICS)
            .with(WINDOW, "global", "region", "account", "endpoint")
            .with(MapType.create(STRING, WINDOW), "api_keys")
            .type(),
        new Declared(WINDOW)
            .with(STRING, "provider", "model")
            .with(INT, "request_count")
            .with(LATENCY, "latency")
            .with(ERROR_RATE, "error_rate")
            .with(QUOTA, "quota")
            .type(),
        new Declared(LATENCY)
            .with(INT, "gateway_ms_avg", "gateway_ms_p95", "upstream_ms_avg", "upstream_ms_p95")
            .with(DYN, "time_to_first_token_ms_avg", "time_to_first_token_ms_p95")
            .type(),
        new Declared(ERROR_RATE)
            .with(DOUBLE, "total", "timeout", "rate_limit", "client", "server")
            .type(),
        new Declared(QUOTA)
            .with(DYN, "remaining_requests", "remaining_tokens", "limit_requests", "limit_tokens")
            .type(),
        new Declared(PRICING)
            .with(DOUBLE, "input", "output", "input_cache_read", "input_cache_write")
            .type(),
        new Declared(DATACENTER).with(STRING, "country_code", "region").type());
  }

  private static StructType model() {
    return named(MODEL)
        .with(STRING, "provider_id", "author_id")
        .with(TEXTS, "id_aliases", "provider_id_aliases", "author_id_aliases")
        .with(BOOL, "known", "custom")
        .with(METADATA, "metadata")
        .with(TEXTS, "input_modalities", "output_modalities", "supported_features")
        .with(INT, "max_context_window", "max_output_tokens")
        .with(PRICING, "pricing")
        .with(ListType.create(DATACENTER), "datacenters")
        .with(METRICS, "metrics")
        .type();
  }

  private static Declared named(CelType type) {
    return new Declared(type).with(STRING, "id", "display_name", "description");
  }

  /** The fields of a type, one after the other. */
  private static final class Declared {
    private final CelType type;
    private final Map<String, CelType> fields = new LinkedHashMap<>();

    Declared(CelType type) {
      this.type = type;
    }

    Declared with(CelType fieldType, String... names) {
      for (String name : names) {
        fields.put(name, fieldType);
      }
      return this;
    }

    StructType type() {
      ImmutableMap<String, CelType> declared = ImmutableMap.copyOf(fields);
      return StructType.create(
          type.name(), declared.keySet(), name -> Optional.ofNullable(declared.get(name)));
    }
  }
}
