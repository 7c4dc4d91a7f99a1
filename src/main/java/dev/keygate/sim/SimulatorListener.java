package dev.keygate.sim;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.IntConsumer;

/** Listens on one event loop; several instances share the port. */
final class SimulatorListener extends VerticleBase {

  private static final int MAX_HEADER_BYTES = 64 * 1024;

  private final SimulatorState state;
  private final IntConsumer port;

  SimulatorListener(SimulatorState state, IntConsumer port) {
    this.state = state;
    this.port = port;
  }

  @Override
  public Future<?> start() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(state.settings().host())
            // Instances that ask for port -1 get one free port together, those that ask for 0 one
            // each.
            .setPort(state.settings().port() == 0 ? -1 : state.settings().port())
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxInitialLineLength(MAX_HEADER_BYTES)
            .setHandle100ContinueAutomatically(true);
    return vertx
        .createHttpServer(options)
        .requestHandler(this::serve)
        .listen()
        .onSuccess(server -> port.accept(server.actualPort()));
  }

  private void serve(HttpServerRequest request) {
    if (RecordedRequests.isAsked(request)) {
      new RecordedRequests(state.log()).serve(request);
    } else {
      new SimulatorRequest(vertx, state, request).serve();
    }
  }
}
