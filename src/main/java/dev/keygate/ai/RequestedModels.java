package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Surface;
import io.vertx.core.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Which requests have a body that is read for the model it names, and what is wrong with it. */
final class RequestedModels {
  private RequestedModels() {}

  /** The fields of the request's body, or null when it is not one that names a model. */
  static @Nullable TopLevelFields read(Exchange exchange, Surface surface)
      throws MalformedBodyException {
    if (!isRead(exchange, surface)) {
      return null;
    }
    if (exchange.headers().contains(HttpHeaders.CONTENT_ENCODING) && !isPlain(exchange)) {
      throw new MalformedBodyException(
          "Invalid request body: a compressed one cannot be read for its model; expected no"
              + " content-encoding");
    }
    return TopLevelFields.of(exchange.body());
  }

  /** Whether every line says so: all of them are forwarded. */
  private static boolean isPlain(Exchange exchange) {
    return exchange.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .allMatch("identity"::equalsIgnoreCase);
  }

  /** The models that a body names, its {@code model} before its {@code models}. */
  static List<String> names(@Nullable TopLevelFields fields) {
    if (fields == null) {
      return List.of();
    }
    String model = fields.model();
    if (fields.models().isEmpty()) {
      return model == null ? List.of() : List.of(model);
    }
    List<String> names = new ArrayList<>();
    if (model != null) {
      names.add(model);
    }
    names.addAll(fields.models());
    return names;
  }

  private static boolean isRead(Exchange exchange, Surface surface) {
    return switch (surface.body()) {
      case NONE -> false;
      case ANY -> exchange.body().length() > 0 && isJson(exchange);
      case JSON -> exchange.body().length() > 0 || asksToCreate(exchange, surface);
    };
  }

  /** Whether the request is one that cannot do without a body, so that none is an error. */
  private static boolean asksToCreate(Exchange exchange, Surface surface) {
    boolean isSubresource = exchange.path().indexOf('/', Surface.PREFIX.length() + 1) >= 0;
    boolean mayBeBodiless = surface == Surface.RESPONSES && isSubresource;
    return exchange.method().equals("POST") && !mayBeBodiless;
  }

  private static boolean isJson(Exchange exchange) {
    String type = exchange.headers().get(HttpHeaders.CONTENT_TYPE);
    return type != null && type.toLowerCase(Locale.ROOT).contains("json");
  }
}
