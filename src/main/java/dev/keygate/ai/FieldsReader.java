package dev.keygate.ai;

import dev.keygate.ai.AiGatewayConfig.Access;
import dev.keygate.ai.AiGatewayConfig.Additions;
import dev.keygate.ai.AiGatewayConfig.TokenLimits;
import dev.keygate.ai.ProviderConfig.Surfaces;
import dev.keygate.ai.selection.Strategies;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.action.HeaderFields;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Problems;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.Expression;
import dev.keygate.policy.expression.Template;
import dev.keygate.policy.expression.Value;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a typed configuration of what a policy wrote, and reports at its place what cannot be
 * meant.
 */
final class FieldsReader {
  /**
   * What requests are routed by: it was checked, so nothing may put something else in its place.
   */
  private static final Set<String> ROUTED_BY = Set.of("model", "models", "stream");

  private static final String WRITTEN_OUT =
      "whoever may read the endpoint can read this key, and the audit log keeps it: put it into a"
          + " vault and write ${secrets.get('vault', 'name')}";

  private final ActionContext context;
  private final Strategies strategies;
  private final Set<String> providerNames = new HashSet<>();

  FieldsReader(ActionContext context, Strategies strategies) {
    this.context = context;
    this.strategies = strategies;
  }

  /** The configuration; worth nothing when a problem was reported. */
  AiGatewayConfig read(AiGatewayFields fields) {
    HeaderFields.checkValues(fields.headers(), "headers", context);
    for (String name : fields.headers().keySet()) {
      if (name.equalsIgnoreCase("host")) {
        context.error("headers", "host: providers are called by their own host; leave it out");
      }
    }
    for (String name : fields.body().keySet()) {
      if (ROUTED_BY.contains(name.toLowerCase(Locale.ROOT))) {
        context.error("body", name + ": requests are routed by this field; leave it out");
      }
    }
    List<ProviderConfig> providers = new ArrayList<>();
    Node list = node(context.config(), "providers");
    for (int at = 0; at < fields.providers().size(); at++) {
      ProviderFields provider = fields.providers().get(at);
      if (providerNames.add(provider.id().toLowerCase(Locale.ROOT))) {
        providers.add(provider(provider, item(list, at)));
      } else {
        error(item(list, at), "id", "provider " + Quoted.of(provider.id()) + " is listed twice");
      }
    }
    return new AiGatewayConfig(
        fields.authorization().authorization(),
        fields.perRequestTimeout(),
        fields.totalTimeout(),
        fields.onError(),
        providers,
        new Access(fields.onlyAllowConfiguredProviders(), fields.onlyAllowConfiguredModels()),
        new TokenLimits(or(fields.maxInputTokens()), or(fields.maxOutputTokens())),
        new Additions(fields.headers(), fields.queryParams(), fields.body()),
        new AiGatewayConfig.Strategies(
            compiled("model_selection", strategies::models),
            compiled("api_key_selection", strategies::keys)));
  }

  /** The strategies under a field; the record has checked that they are there. */
  private List<Strategy> compiled(
      String field, BiFunction<Node.Scalar, Problems, @Nullable Expression> compiler) {
    List<Strategy> compiled = new ArrayList<>();
    Node selection = node(context.config(), field);
    if (!selection.equals(context.config())
        && node(selection, "strategy") instanceof Node.Sequence written) {
      for (Node item : written.items()) {
        Expression expression =
            item instanceof Node.Scalar scalar ? compiler.apply(scalar, context.problems()) : null;
        if (expression != null && item instanceof Node.Scalar scalar) {
          compiled.add(new Strategy(scalar.text(), expression));
        }
      }
    }
    return compiled;
  }

  private ProviderConfig provider(ProviderFields fields, Node at) {
    Set<String> names = new HashSet<>();
    List<ModelConfig> models = new ArrayList<>();
    for (ModelFields model : fields.models()) {
      models.add(model(model, item(node(at, "models"), models.size()), names));
    }
    return new ProviderConfig(
        fields.id(),
        fields.idAliases(),
        baseUrl(fields, at),
        surfaces(fields, at),
        null,
        apiKeys(fields, node(at, "api_keys")),
        fields.forwardHeaders(),
        models,
        new Provider.About(
            or(fields.displayName()),
            or(fields.description()),
            or(fields.website()),
            plain(fields.metadata(), at)),
        fields.disabled());
  }

  private List<Template> apiKeys(ProviderFields fields, Node at) {
    List<Template> keys = new ArrayList<>();
    for (ProviderFields.KeyFields key : fields.apiKeys()) {
      if (key.value().constant() != null) {
        context.problems().warning(node(item(at, keys.size()), "value"), WRITTEN_OUT);
      }
      keys.add(key.value());
    }
    return keys;
  }

  private ModelConfig model(ModelFields fields, Node at, Set<String> names) {
    refuseTwice(fields.id(), "id", at, names);
    fields.idAliases().forEach(alias -> refuseTwice(alias, "id_aliases", at, names));
    return new ModelConfig(
        fields.id(),
        fields.idAliases(),
        or(fields.authorId()),
        or(fields.displayName()),
        or(fields.description()),
        fields.disabled(),
        plain(fields.metadata(), at),
        fields.inputModalities(),
        fields.outputModalities(),
        or(fields.maxContextWindow()),
        or(fields.maxOutputTokens()),
        fields.supportedFeatures(),
        names(fields.unsupportedParams()));
  }

  private void refuseTwice(String name, String field, Node at, Set<String> names) {
    if (!names.add(name.toLowerCase(Locale.ROOT))) {
      error(at, field, Quoted.of(name) + " names two models of this provider");
    }
  }

  private @Nullable BaseUrl baseUrl(ProviderFields fields, Node at) {
    if (fields.baseUrl() == null) {
      return null;
    }
    try {
      return BaseUrl.parse(fields.baseUrl());
    } catch (IllegalArgumentException refused) {
      error(at, "base_url", String.valueOf(refused.getMessage()));
      return null;
    }
  }

  private Surfaces surfaces(ProviderFields fields, Node at) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    Set<Format> whole = EnumSet.noneOf(Format.class);
    Set<Surface> only = EnumSet.noneOf(Surface.class);
    Map<Surface, Set<String>> params = new EnumMap<>(Surface.class);
    for (ProviderFields.SurfaceFields entry : fields.supportedApiSurfaces()) {
      formats.add(entry.format());
      if (entry.surface() == null) {
        whole.add(entry.format());
        if (!entry.supportedParams().isEmpty()) {
          error(at, "supported_api_surfaces", "supported_params needs a surface beside it");
        }
        continue;
      }
      Surface surface = entry.surface().surface();
      if (surface.format() != entry.format()) {
        error(
            at,
            "supported_api_surfaces",
            surface.id() + " is a surface of " + surface.format().name().toLowerCase(Locale.ROOT));
      }
      only.add(surface);
      if (!entry.supportedParams().isEmpty()) {
        params.put(surface, names(entry.supportedParams()));
      }
    }
    return new Surfaces(formats, whole.containsAll(formats) ? Set.of() : all(whole, only), params);
  }

  /** The surfaces that are listed, and all of the formats that are listed whole. */
  private static Set<Surface> all(Set<Format> whole, Set<Surface> only) {
    Set<Surface> all = EnumSet.copyOf(only);
    for (Surface surface : Surface.values()) {
      if (whole.contains(surface.format())) {
        all.add(surface);
      }
    }
    return all;
  }

  private Map<String, Object> plain(Map<String, Value> metadata, Node at) {
    Map<String, Object> plain = new LinkedHashMap<>();
    metadata.forEach((name, value) -> plain.put(name, plain(value, at)));
    return plain;
  }

  private Object plain(Value value, Node at) {
    return switch (value) {
      case Value.Constant constant -> constant.value() == null ? "" : constant.value();
      case Value.ListOf list -> list.items().stream().map(item -> plain(item, at)).toList();
      case Value.MapOf map -> plain(map.entries(), at);
      case Value.Text text -> {
        String constant = text.template().constant();
        if (constant == null) {
          error(at, "metadata", "metadata takes no expressions; write its values");
        }
        yield constant == null ? "" : constant;
      }
    };
  }

  private void error(Node at, String field, String message) {
    context.problems().error(node(at, field), message);
  }

  /** What stands under a key; the mapping itself when nothing does. */
  private static Node node(Node in, String key) {
    Node found = in instanceof Node.Mapping mapping ? mapping.get(key) : null;
    return found == null ? in : found;
  }

  private static Node item(Node in, int index) {
    return in instanceof Node.Sequence list && index < list.items().size()
        ? list.items().get(index)
        : in;
  }

  private static Set<String> names(List<ProviderFields.ParamFields> params) {
    return params.stream().map(ProviderFields.ParamFields::name).collect(Collectors.toSet());
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static long or(@Nullable Long number) {
    return number == null ? 0 : number;
  }
}
