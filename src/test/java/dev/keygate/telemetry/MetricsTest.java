package dev.keygate.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @Test
  void aDurationIsCountedAndSummedInSeconds() {
    Metrics.Duration duration = metrics.duration("keygate.request.duration", "How long");
    duration.record(1_500_000_000);
    duration.record(250_000_000);
    assertThat(metrics.scrape())
        .contains("# TYPE keygate_request_duration_seconds summary")
        .contains("keygate_request_duration_seconds_count 2\n")
        .contains("keygate_request_duration_seconds_sum 1.75\n");
  }

  @Test
  void aLevelGoesUpAndDown() {
    Metrics.Level level = metrics.level("keygate.requests.in.flight", "How many");
    level.up();
    level.up();
    level.down();
    assertThat(metrics.scrape()).contains("keygate_requests_in_flight 1.0\n");
  }

  @Test
  void whatIsCountedHasItsLabels() {
    metrics.tally("keygate.refusals", "Refused", "code", "ERR_NGROK_27007").add();
    assertThat(metrics.scrape()).contains("keygate_refusals_total{code=\"ERR_NGROK_27007\"} 1.0\n");
  }
}
