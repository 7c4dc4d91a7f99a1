package dev.keygate.sim;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * A provider that speaks the OpenAI and Anthropic APIs without a model: for the demo, tests and
 * benchmarks.
 *
 * <p>It is served under any path that ends in {@code /v1/…} or {@code /openai/…}: chat completions,
 * responses, embeddings, completions, models, moderations, images, audio, rerank, files, batches;
 * messages and their token count. Answers are whole or streamed as the request says. A credential
 * is needed, any will do: {@code Authorization: Bearer} for the OpenAI shapes, {@code x-api-key}
 * also for the Anthropic ones. What is said depends on the request alone: declared tools are called
 * with arguments that fit their schema, a JSON schema is answered with a value that fits it,
 * anything else is echoed. A token is four characters.
 *
 * <p>Faults are asked for by the model name, which may contain any number of {@code sim-<fault>}
 * ({@code gpt-4o-sim-slow-20ms-sim-cut-3}), or by the header {@code x-sim-fault: status-429,
 * delay-50ms}:
 *
 * <table>
 * <caption>Faults</caption>
 * <tr><td>{@code status-N}<td>an error of this status (200 to 599) in the vendor's shape; 429 and 503 say {@code retry-after: 7}
 * <tr><td>{@code retry-after-Ns}<td>that number of seconds instead of 7
 * <tr><td>{@code delay-Nms}<td>waits before the response's head
 * <tr><td>{@code slow-Nms}<td>waits after each event of a stream
 * <tr><td>{@code chunks-N}<td>the text comes in N pieces, each an event of its own
 * <tr><td>{@code huge-Nmb}<td>the text is N MiB long
 * <tr><td>{@code cut-N}<td>the connection is closed after N events; an answer that is no stream is cut at its half
 * <tr><td>{@code stall-N}<td>silence after N events, or after half of an answer that is no stream
 * <tr><td>{@code stall-headers}<td>no response at all, the connection stays open
 * <tr><td>{@code reset}<td>the connection is reset before the response's head
 * <tr><td>{@code malformed}<td>the JSON is cut at its half; in a stream, that of the third event
 * <tr><td>{@code badlength}<td>a content-length 64 bytes longer than the body, then the connection is closed
 * <tr><td>{@code redirect}<td>307 to {@code /_sim/redirected}, so that who follows is seen to do so
 * </table>
 *
 * <p>The last requests are remembered: for tests through this class, for people as {@code GET
 * /_sim/requests} (JSON, newest last; {@code DELETE} forgets them). Methods may be called from any
 * thread but an event loop.
 */
public final class SimulatedProvider implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final RequestLog log;
  private final AtomicInteger port = new AtomicInteger();

  private SimulatedProvider(Vertx vertx, RequestLog log) {
    this.vertx = vertx;
    this.log = log;
  }

  /** Starts with what {@link SimulatorSettings#at} says. Returns once it listens. */
  public static SimulatedProvider start(String host, int port) {
    return start(SimulatorSettings.at(host, port));
  }

  /**
   * Starts and returns once it listens.
   *
   * @throws IllegalStateException when it cannot listen there
   */
  public static SimulatedProvider start(SimulatorSettings settings) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(settings.eventLoops())
                .setPreferNativeTransport(true)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    SimulatedProvider provider =
        new SimulatedProvider(vertx, new RequestLog(settings.recordedRequests()));
    provider.listen(settings);
    return provider;
  }

  private void listen(SimulatorSettings settings) {
    SimulatorState state = new SimulatorState(settings, log);
    try {
      vertx
          .deployVerticle(
              () -> new SimulatorListener(state, port::set),
              new DeploymentOptions().setInstances(settings.eventLoops()))
          .await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (Exception e) {
      close();
      throw new IllegalStateException(
          "the simulated provider cannot listen on " + settings.host() + ":" + settings.port(), e);
    }
  }

  /** The port it listens on. */
  public int port() {
    return port.get();
  }

  /** The requests remembered, oldest first. Empty when recording is off. */
  public List<ReceivedRequest> received() {
    return log.all();
  }

  /** Forgets all requests. */
  public void clear() {
    log.clear();
  }

  /**
   * Completes with the oldest remembered request that fits, or with the next one to come.
   *
   * @throws IllegalStateException when recording is off
   */
  public CompletableFuture<ReceivedRequest> awaitReceived(Predicate<ReceivedRequest> wanted) {
    return log.awaitReceived(wanted);
  }

  /**
   * Completes once the client of a request that fits has gone away before its answer was complete.
   *
   * @throws IllegalStateException when recording is off
   */
  public CompletableFuture<ReceivedRequest> awaitCancelled(Predicate<ReceivedRequest> wanted) {
    return log.awaitCancelled(wanted);
  }

  /** Closes all connections and returns when nothing of it runs any more. */
  @Override
  public void close() {
    try {
      vertx.close().await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("the simulated provider did not close", e);
    }
  }
}
