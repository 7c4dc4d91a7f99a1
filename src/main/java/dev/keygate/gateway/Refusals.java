package dev.keygate.gateway;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.key.GatewayKey;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log of refusals: one line each, with what the client was not told, up to a number in a
 * second; beyond it they are counted, so that an attacker cannot fill the disk. One for each event
 * loop.
 */
final class Refusals {
  private static final Logger LOG = LoggerFactory.getLogger(Refusals.class);
  private static final int LINES_A_SECOND = 20;
  private static final long SECOND = 1_000_000_000L;

  private final LongSupplier nanoTime;
  private long windowStart;
  private int inWindow;

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.windowStart = nanoTime.getAsLong();
  }

  void note(Exchange exchange, Refusal refusal) {
    if (!LOG.isInfoEnabled()) {
      return;
    }
    long now = nanoTime.getAsLong();
    if (now - windowStart >= SECOND) {
      if (inWindow > LINES_A_SECOND) {
        LOG.info("{} more requests were refused", inWindow - LINES_A_SECOND);
      }
      windowStart = now;
      inWindow = 0;
    }
    if (++inWindow <= LINES_A_SECOND) {
      GatewayKey key = exchange.key();
      LOG.info(
          "{} refused {} client={} key={} {}",
          exchange.requestId(),
          refusal.code().code(),
          exchange.connection().client().getHostAddress(),
          key == null ? "-" : key.id(),
          refusal.logDetail());
    }
  }
}
