package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_RESPONSE;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code compress-response}: compresses answers for clients that take them so. */
public final class CompressResponse implements ActionType<CompressResponse.Config> {

  /** A content coding. */
  public enum Algorithm {
    GZIP,
    DEFLATE,
    BR,
    COMPRESS;

    /** Whether Keygate can write it. */
    boolean isWritten() {
      return this == GZIP || this == DEFLATE;
    }

    String coding() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What {@code compress-response} is configured with. */
  public record Config(
      @Setting(
              value =
                  "The codings to choose from; when the client likes several equally well, the first"
                      + " one listed here is taken. `br` and `compress` may be listed but are never"
                      + " chosen: Keygate writes `gzip` and `deflate`.",
              defaultsTo = "[gzip, deflate]",
              atLeast = "1")
          List<Algorithm> algorithms) {}

  @Override
  public String name() {
    return "compress-response";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_RESPONSE);
  }

  @Override
  public Ending ending() {
    return Ending.NEVER;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    if (config.algorithms().stream().distinct().count() < config.algorithms().size()) {
      context.error("algorithms", "an algorithm stands twice");
    }
    List<Algorithm> written = config.algorithms().stream().filter(Algorithm::isWritten).toList();
    if (written.size() < config.algorithms().size()) {
      context.warning("br and compress are never chosen: Keygate writes gzip and deflate");
    }
    return exchange -> {
      Response response = Messages.response(exchange);
      boolean already = !Codings.of(response.headers()).isEmpty();
      Algorithm chosen = already ? null : chosen(written, exchange, response);
      if (chosen != null) {
        exchange.response(compressed(exchange, response, chosen));
      }
      Map<String, Object> result =
          Map.of(
              "already_compressed",
              already,
              "negotiated_algorithm",
              chosen == null ? "" : chosen.coding());
      Messages.publish(exchange, "compress_response", result);
      Messages.publish(exchange, "compress", result);
      return Outcome.CONTINUE;
    };
  }

  private static @Nullable Algorithm chosen(
      List<Algorithm> offered, Exchange exchange, Response response) {
    String cacheControl = response.headers().get("cache-control");
    boolean asIs = cacheControl != null && cacheControl.contains("no-transform");
    if (asIs || hasNoBody(exchange, response)) {
      return null;
    }
    String accepted = exchange.acceptEncoding();
    return accepted == null ? null : AcceptEncoding.best(accepted, offered);
  }

  private static boolean hasNoBody(Exchange exchange, Response response) {
    return exchange.method().equals("HEAD")
        || response.status() == 204
        || response.status() == 206
        || response.status() == 304
        || (response.body() instanceof ResponseBody.Whole whole && whole.bytes().length() == 0);
  }

  private static Response compressed(Exchange exchange, Response response, Algorithm algorithm) {
    MultiMap headers = response.headers();
    headers.remove("content-length");
    headers.set("content-encoding", algorithm.coding());
    headers.add("vary", "accept-encoding");
    weakenEntityTag(headers);
    Compression compression = new Compression(algorithm);
    ResponseBody body =
        switch (response.body()) {
          case ResponseBody.Whole whole ->
              new ResponseBody.Whole(
                  Buffer.buffer()
                      .appendBuffer(compression.next(whole.bytes()))
                      .appendBuffer(compression.last()));
          case ResponseBody.Streamed streamed -> {
            exchange.onFinished(compression::close); // not every stream is read to its end
            yield new ResponseBody.Streamed(
                new ChangedStream(streamed.source(), compression), -1, streamed.cancel());
          }
        };
    return new Response(response.status(), headers, body);
  }

  /** The compressed bytes are another representation (RFC 9110 section 8.8.1). */
  private static void weakenEntityTag(MultiMap headers) {
    String tag = headers.get("etag");
    if (tag != null && !tag.startsWith("W/")) {
      headers.set("etag", "W/" + tag);
    }
  }
}
