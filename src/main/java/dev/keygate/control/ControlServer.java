package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.PemKeyCertOptions;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control API's listener. It receives calls on an event loop and answers them on virtual
 * threads, so many at a time. No CORS, and no cookies but the dashboard's below {@code /ui/}: what
 * another site's page sends here carries no credential.
 */
public final class ControlServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
  private static final int MAX_HEADER_BYTES = 16 * 1024;
  private static final int MAX_LINE_BYTES = 8 * 1024;
  private static final int IDLE_SECONDS = 120;

  /** What may stand in links: a Host header is a stranger's text. */
  private static final Pattern AUTHORITY =
      Pattern.compile("(?:[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])(?::[0-9]{1,5})?");

  private final Vertx vertx;
  private final ControlSettings settings;
  private final ControlLimits limits;
  private final ControlParts parts;
  private final Identifiers operationIds;
  private final Semaphore places;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("control-", 0).factory());

  /** Still in the making when the listener opens: what serves requests does not wait for it. */
  private final CompletableFuture<ControlAnswers> answers;

  private @Nullable HttpServer server;

  public ControlServer(Vertx vertx, ControlSettings settings, ControlParts parts) {
    this(vertx, settings, parts, ControlLimits.DEFAULT);
  }

  ControlServer(Vertx vertx, ControlSettings settings, ControlParts parts, ControlLimits limits) {
    this.vertx = vertx;
    this.settings = settings;
    this.limits = limits;
    this.parts = parts;
    this.answers = CompletableFuture.supplyAsync(() -> new ControlAnswers(parts, limits), threads);
    this.operationIds = parts.identifiers();
    this.places = new Semaphore(limits.callsAtATime());
  }

  /** Listens; completes with the port. */
  public Future<Integer> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.host())
            .setPort(settings.port())
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(MAX_LINE_BYTES)
            .setIdleTimeoutUnit(TimeUnit.SECONDS)
            .setIdleTimeout(IDLE_SECONDS);
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
    HttpServer made =
        vertx
            .createHttpServer(options)
            .requestHandler(this::receive)
            .invalidRequestHandler(this::refuseMalformed)
            .exceptionHandler(failure -> LOG.debug("connection failed: {}", failure.toString()));
    server = made;
    return made.listen().map(HttpServer::actualPort);
  }

  /** Lets calls under way end, for a bounded time, and takes no others. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(limits.stop().toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("calls of the control API were cut off because Keygate stops");
        threads.shutdownNow();
      }
      HttpServer listening = server;
      if (listening != null) {
        listening
            .shutdown(1, TimeUnit.SECONDS)
            .toCompletionStage()
            .toCompletableFuture()
            .get(limits.stop().toMillis() + 1000, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the control listener did not close: {}", e.toString());
    }
  }

  private void receive(HttpServerRequest request) {
    ReceivedCall call = new ReceivedCall(request, vertx.getOrCreateContext(), limits.bodyTimeout());
    Optional<Reply> probe = probe(call);
    if (probe.isPresent()) {
      call.reply(probe.get());
    } else if (!places.tryAcquire()) {
      call.reply(busy("Too many calls at a time."));
    } else {
      String base = baseUrl(request);
      try {
        threads.execute(() -> answer(call, base));
      } catch (RejectedExecutionException e) {
        places.release();
        call.reply(busy("Keygate is stopping."));
      }
    }
  }

  /** What load balancers ask, at any load. */
  private Optional<Reply> probe(Request request) {
    if (!request.method().equals("GET")) {
      return Optional.empty();
    }
    return switch (request.path()) {
      case "/livez" -> Optional.of(Reply.text(200, "ok\n"));
      case "/readyz" -> {
        List<String> reasons = parts.reasonsAgainstReady().get();
        yield Optional.of(
            reasons.isEmpty()
                ? Reply.text(200, "ok\n")
                : Reply.text(503, String.join("\n", reasons) + "\n"));
      }
      default -> Optional.empty();
    };
  }

  private void answer(ReceivedCall call, String base) {
    Reply reply;
    try {
      reply = answers.join().to(call, base);
    } catch (ApiError e) {
      reply = refusal(e);
    } catch (RuntimeException | Error e) {
      // Whatever went wrong, somebody waits for an answer.
      String id = operationIds.next("op");
      LOG.error("{} failed", id, e);
      reply = Reply.of(ApiError.of(ErrorCode.INTERNAL, "The gateway failed on this call."), id);
    } finally {
      places.release();
    }
    call.reply(reply);
  }

  /** What the HTTP codec could not read. */
  private void refuseMalformed(HttpServerRequest request) {
    Throwable cause = request.decoderResult().cause();
    ApiError error =
        switch (cause) {
          case TooLongHttpLineException line ->
              ApiError.of(
                  ErrorCode.URI_TOO_LONG,
                  "The request line is longer than " + MAX_LINE_BYTES + " bytes.");
          case TooLongHttpHeaderException headers ->
              ApiError.of(
                  ErrorCode.HEADERS_TOO_LARGE,
                  "The headers are larger than " + MAX_HEADER_BYTES + " bytes.");
          case null, default ->
              ApiError.of(
                  ErrorCode.MALFORMED_REQUEST, "The request is not HTTP as RFC 9112 has it.");
        };
    Reply reply = refusal(error);
    request.response().setStatusCode(reply.status()).putHeader("connection", "close");
    reply.headers().forEach(request.response()::putHeader);
    request.response().end(reply.body()).onComplete(written -> request.connection().close());
  }

  private Reply refusal(ApiError error) {
    return Reply.of(error, operationIds.next("op"));
  }

  private Reply busy(String why) {
    return refusal(ApiError.of(ErrorCode.BUSY, why + " Try again shortly.").retryAfter(1));
  }

  /** Clients send their bearer token to the links they are given: only to where they called. */
  private String baseUrl(HttpServerRequest request) {
    if (settings.publicUrl().isPresent()) {
      URI url = settings.publicUrl().get();
      return url.toString().replaceFirst("/+$", "");
    }
    HostAndPort called = request.authority();
    String authority = called == null ? "" : called.toString();
    return (request.isSSL() ? "https://" : "http://")
        + (AUTHORITY.matcher(authority).matches()
            ? authority
            : settings.host() + ":" + request.localAddress().port());
  }
}
