package dev.keygate.ai;

import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.Template;
import dev.keygate.policy.expression.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One provider of {@code providers}, as policies write it. */
public record ProviderFields(
    @Setting(
            value = "Its name in `provider:model`. Any that is not built in is a custom provider.",
            atLeast = "1",
            atMost = "64")
        String id,
    @Setting(value = "Other names by which clients may name it.", atMost = "20")
        List<String> idAliases,
    @Setting(
            "Where it is; custom providers need it. A path replaces the client's `/v1`; without one"
                + " the client's path is kept. `http://` is for loopback and private addresses"
                + " only.")
        @Nullable String baseUrl,
    @Setting(value = "What people call it.", atMost = "255") @Nullable String displayName,
    @Setting(value = "What it is.", atMost = "1024") @Nullable String description,
    @Setting(value = "Its website.", atMost = "255") @Nullable String website,
    @Setting(value = "Whether no request goes there for now.", defaultsTo = "false")
        boolean disabled,
    @Setting(
            value =
                "What strategies may read of its models as `m.metadata`. Never sent to it. Fixed"
                    + " values only.",
            atMost = "50")
        Map<String, Value> metadata,
    @Setting(
            value =
                "Its keys, tried in this order. They come after keys attached to the gateway key,"
                    + " and in place of managed ones.",
            atMost = "50")
        List<KeyFields> apiKeys,
    @Setting(value = "Models of its own, and changes to those of the catalog.", atMost = "200")
        List<ModelFields> models,
    @Setting(
            value =
                "What it speaks, where that is not what is known of it: all of `openai` for a custom"
                    + " provider.",
            atMost = "20")
        List<SurfaceFields> supportedApiSurfaces,
    @Setting(value = "Client headers it gets beyond the usual ones.", atMost = "32")
        List<String> forwardHeaders) {

  /** One key. */
  public record KeyFields(
      @Setting(
              "The key: `${secrets.get('vault', 'secret')}`. A change of the secret counts at once.")
          Template value) {
    /** A key must not be seen in what describes the record. */
    @Override
    public String toString() {
      return "KeyFields[***]";
    }
  }

  /** One format, or one surface of it. */
  public record SurfaceFields(
      @Setting("The wire format.") Format format,
      @Setting("One surface of the format, such as `chat-completions`; all of them when left out.")
          @Nullable SurfaceName surface,
      @Setting(
              value =
                  "The only top-level fields of bodies that it is sent on this surface; others are"
                      + " left out. `model` always goes. Needs `surface`.",
              atMost = "200")
          List<ParamFields> supportedParams) {}

  /** A field of request bodies. */
  public record ParamFields(
      @Setting(value = "The field's name.", atLeast = "1", atMost = "128") String name) {}

  /** A surface by its id. */
  public record SurfaceName(Surface surface) {
    public static SurfaceName parse(String id) {
      return Arrays.stream(Surface.values())
          .filter(surface -> surface != Surface.MODELS && surface.id().equals(id))
          .findFirst()
          .map(SurfaceName::new)
          .orElseThrow(() ->
              new IllegalArgumentException(
                  "expected one of "
                      + Arrays.stream(Surface.values())
                          .filter(surface -> surface != Surface.MODELS)
                          .map(Surface::id)
                          .collect(Collectors.joining(", "))));
    }
  }
}
