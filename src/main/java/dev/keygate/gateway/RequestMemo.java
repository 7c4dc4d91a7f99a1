package dev.keygate.gateway;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import dev.keygate.key.GatewayKey;
import dev.keygate.usage.RequestLog;
import dev.keygate.usage.RequestRecord;
import dev.keygate.usage.Routed;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands what is to be remembered of a request to the request log. Of strangers' refused requests a
 * number in a second is, so that an attacker cannot fill the database. One for each event loop.
 */
final class RequestMemo {
  private static final int STRANGERS_A_SECOND = 20;
  private static final long SECOND = 1_000_000_000L;

  private final RequestLog.Lane lane;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private long windowStart;
  private int inWindow;

  RequestMemo(RequestLog.Lane lane, InstantSource clock, LongSupplier nanoTime) {
    this.lane = lane;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  /**
   * How a request ended.
   *
   * @param status 0 when the client was gone before its answer began
   * @param firstByteNanos from its start, or negative when there was none
   */
  record Ending(
      @Nullable Refusal refusal, int status, long nanos, long firstByteNanos, long bytesOut) {}

  void remember(Exchange exchange, Ending ending) {
    GatewayKey key = exchange.key();
    Refusal refusal = ending.refusal();
    if (key == null && refusal != null && isTooMany()) {
      return;
    }
    Endpoint endpoint = exchange.endpoint();
    Surface surface = exchange.surface();
    long micros = TimeUnit.NANOSECONDS.toMicros(ending.nanos());
    lane.append(
        new RequestRecord(
            exchange.requestId(),
            clock.millis() - micros / 1000,
            micros,
            ending.firstByteNanos() < 0
                ? -1
                : TimeUnit.NANOSECONDS.toMicros(ending.firstByteNanos()),
            endpoint == null ? "" : endpoint.id(),
            key == null ? "" : key.id(),
            surface == null ? "" : surface.id(),
            ending.status(),
            refusal == null ? "" : refusal.code().code(),
            refusal == null ? "" : refusal.logDetail(),
            exchange.connection().client().getHostAddress(),
            exchange.body().length(),
            ending.bytesOut(),
            exchange.result(Routed.NAME) instanceof Routed.Teller teller
                ? teller.routed()
                : Routed.NOWHERE));
  }

  private boolean isTooMany() {
    long now = nanoTime.getAsLong();
    if (now - windowStart >= SECOND) {
      windowStart = now;
      inWindow = 0;
    }
    return ++inWindow > STRANGERS_A_SECOND;
  }
}
