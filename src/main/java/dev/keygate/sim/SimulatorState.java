package dev.keygate.sim;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the event loops of one simulated provider share: settings, the count of requests, the log.
 */
record SimulatorState(SimulatorSettings settings, RequestLog log, AtomicLong count) {

  SimulatorState(SimulatorSettings settings, RequestLog log) {
    this(settings, log, new AtomicLong());
  }

  /** The request as it is remembered; the body is cut to what the settings allow. */
  ReceivedRequest received(long number, HttpServerRequest request, Buffer body) {
    int kept = Math.min(body.length(), settings.recordedBodyBytes());
    String query = request.query();
    SocketAddress remote = request.remoteAddress();
    return new ReceivedRequest(
        number,
        request.method().name(),
        request.path(),
        query == null ? "" : query,
        request.headers().entries(),
        body.getString(0, kept, StandardCharsets.UTF_8.name()),
        body.length(),
        remote == null ? "" : remote.host() + ":" + remote.port(),
        settings.clock().instant());
  }
}
