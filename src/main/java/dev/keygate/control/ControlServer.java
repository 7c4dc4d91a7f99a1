package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The control API's listener. It reads calls on an event loop and answers them on virtual threads.
 * No cookies and no CORS: what another site's page sends here carries no credential.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int MAX_BODY = 2 * 1024 * 1024;
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final long BODY_TIMEOUT_MILLIS = 30_000;
  private static final String JSON = "application/json";

  private final Vertx vertx;
  private final ControlSettings settings;
  private final ControlParts parts;
  private final Contract contract;
  private final Dispatcher dispatcher;
  private final Identifiers operationIds;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());
  private @Nullable HttpServer server;

  public ControlServer(Vertx vertx, ControlSettings settings, ControlParts parts) {
    this.vertx = vertx;
    this.settings = settings;
    this.parts = parts;
    this.contract = Contract.load();
    this.dispatcher = new Dispatcher(contract, parts);
    this.operationIds = parts.identifiers();
  }

  /** Listens; completes with the port. */
  public Future<Integer> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setIdleTimeout(120);
    settings
        .tls()
        .ifPresent(tls ->
            options
                .setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(
                    new PemKeyCertOptions()
                        .addCertPath(tls.certificate().toString())
                        .addKeyPath(tls.key().toString())));
    HttpServer made = vertx.createHttpServer(options).requestHandler(this::read);
    server = made;
    return made.listen().map(HttpServer::actualPort);
  }

  @Override
  public void close() {
    HttpServer listening = server;
    if (listening != null) {
      listening.close().toCompletionStage().toCompletableFuture().join();
    }
    threads.close();
  }

  /** Reads the body within its bounds, and hands the call to a virtual thread. */
  private void read(HttpServerRequest request) {
    Context context = vertx.getOrCreateContext();
    Buffer body = Buffer.buffer();
    long timer = vertx.setTimer(BODY_TIMEOUT_MILLIS, id -> request.connection().close());
    request.handler(chunk -> {
      if (body.length() <= MAX_BODY) {
        body.appendBuffer(chunk);
      }
    });
    request.exceptionHandler(failure -> vertx.cancelTimer(timer));
    request.endHandler(end -> {
      vertx.cancelTimer(timer);
      threads.execute(() -> answer(context, request, body));
    });
  }

  private void answer(Context context, HttpServerRequest request, Buffer body) {
    Reply reply;
    try {
      reply = body.length() > MAX_BODY ? tooLarge() : reply(request, body);
    } catch (ApiError e) {
      reply = refusal(e);
    } catch (RuntimeException e) {
      String id = operationIds.next("op");
      LOG.error("{} failed", id, e);
      reply =
          refusal(
              ApiError.of(500, "ERR_KEYGATE_INTERNAL", "The gateway failed on this call.")
                  .with("operation_id", id));
    }
    Reply ready = reply;
    context.runOnContext(run -> write(request.response(), ready));
  }

  private Reply reply(HttpServerRequest request, Buffer body) {
    String path = request.path();
    if (request.method().name().equals("GET")) {
      switch (path) {
        case "/livez" -> {
          return Reply.text(200, "ok\n");
        }
        case "/readyz" -> {
          List<String> reasons = parts.reasonsAgainstReady().get();
          return reasons.isEmpty()
              ? Reply.text(200, "ok\n")
              : Reply.text(503, String.join("\n", reasons) + "\n");
        }
        case "/metrics" -> {
          return new Reply(
              200, "text/plain; version=0.0.4; charset=utf-8", parts.metrics().get(), 0);
        }
        case "/openapi.yaml" -> {
          return new Reply(200, "application/yaml", contract.text(), 0);
        }
        default -> {}
      }
    }
    Answer answer =
        dispatcher.answer(
            new Request(
                request.method().name(),
                path,
                request.query() == null ? "" : request.query(),
                baseUrl(request),
                header(request, "authorization"),
                header(request, "ngrok-version"),
                header(request, "idempotency-key"),
                body.getBytes()));
    return new Reply(
        answer.status(), JSON, answer.status() == 204 ? "" : answer.body().toString(), 0);
  }

  private Reply refusal(ApiError error) {
    ObjectNode shown = Json.object();
    shown.put("error_code", error.code());
    shown.put("status_code", error.status());
    shown.put("msg", error.message());
    ObjectNode details = shown.putObject("details");
    details.put("operation_id", operationIds.next("op"));
    error.details().forEach(details::put);
    int retryAfter = Integer.parseInt(error.details().getOrDefault("retry_after", "0"));
    return new Reply(error.status(), JSON, shown.toString(), retryAfter);
  }

  private static Reply tooLarge() {
    throw ApiError.of(413, "ERR_NGROK_212", "The body is larger than " + MAX_BODY + " bytes.");
  }

  private void write(HttpServerResponse response, Reply reply) {
    if (response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    response.putHeader("x-content-type-options", "nosniff");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    if (reply.status() == 401) {
      response.putHeader("www-authenticate", "Bearer");
    }
    if (reply.retryAfterSeconds() > 0) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Integer.toString(reply.retryAfterSeconds()));
    }
    if (reply.body().isEmpty()) {
      response.end();
    } else {
      response.putHeader(HttpHeaders.CONTENT_TYPE, reply.contentType());
      response.end(reply.body());
    }
  }

  /** Clients send their bearer token to the links they are given: only to where they called. */
  private String baseUrl(HttpServerRequest request) {
    return settings
        .publicUrl()
        .map(URI::toString)
        .map(url -> url.endsWith("/") ? url.substring(0, url.length() - 1) : url)
        .orElseGet(() ->
            (request.isSSL() ? "https" : "http")
                + "://"
                + (request.authority() == null ? settings.host() : request.authority()));
  }

  private static Optional<String> header(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  /** What goes on the wire. */
  private record Reply(int status, String contentType, String body, int retryAfterSeconds) {
    static Reply text(int status, String text) {
      return new Reply(status, "text/plain; charset=utf-8", text, 0);
    }
  }
}
