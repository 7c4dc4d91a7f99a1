package dev.keygate.gateway;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Surface;
import dev.keygate.telemetry.Metrics;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the gateway counts. All meters are made at start. Shared by all event loops. */
final class Meters {
  /** Index of answers that never began: the client was gone first. */
  private static final int GONE = 0;

  private static final String[] CLASSES = {"gone", "1xx", "2xx", "3xx", "4xx", "5xx"};

  private final Map<Surface, Metrics.Tally[]> requests = new EnumMap<>(Surface.class);
  private final Metrics.Tally[] requestsElsewhere;
  private final Map<ErrorCode, Metrics.Tally> refusals = new EnumMap<>(ErrorCode.class);
  private final Metrics.Duration duration;
  private final Metrics.Duration firstByte;
  private final Metrics.Level inFlight;

  Meters(Metrics metrics) {
    for (Surface surface : Surface.values()) {
      requests.put(surface, requests(metrics, surface.id()));
    }
    requestsElsewhere = requests(metrics, "none");
    for (ErrorCode code : ErrorCode.values()) {
      refusals.put(
          code,
          metrics.tally(
              "keygate.refusals", "Requests refused, by error code", "code", code.code()));
    }
    duration =
        metrics.duration(
            "keygate.request.duration", "From a request's head to the last byte of its answer");
    firstByte =
        metrics.duration(
            "keygate.request.first.byte", "From a request's head to the first byte of its answer");
    inFlight = metrics.level("keygate.requests.in.flight", "Requests that are not yet answered");
  }

  private static Metrics.Tally[] requests(Metrics metrics, String surface) {
    Metrics.Tally[] byClass = new Metrics.Tally[CLASSES.length];
    for (int i = 0; i < CLASSES.length; i++) {
      byClass[i] =
          metrics.tally(
              "keygate.requests",
              "Requests answered, by surface and class of status",
              "surface",
              surface,
              "status",
              CLASSES[i]);
    }
    return byClass;
  }

  void started() {
    inFlight.up();
  }

  void firstByte(long nanos) {
    firstByte.record(nanos);
  }

  /**
   * A request is over.
   *
   * @param status 100 to 599, or 0 when the answer never began
   */
  void ended(@Nullable Surface surface, int status, long nanos) {
    inFlight.down();
    duration.record(nanos);
    Metrics.Tally[] known = surface == null ? null : requests.get(surface);
    (known == null ? requestsElsewhere : known)[statusClass(status)].add();
  }

  void refused(ErrorCode code) {
    Metrics.Tally tally = refusals.get(code);
    if (tally != null) {
      tally.add();
    }
  }

  private static int statusClass(int status) {
    return status == 0 ? GONE : Math.clamp(status / 100, 1, CLASSES.length - 1);
  }
}
