package dev.keygate.sim;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

/** The client speaks to the simulated provider itself. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnthropicSdkTest extends AnthropicSdkContract {

  private final SimulatedProvider simulator = SimulatedProvider.start("127.0.0.1", 0);

  @AfterAll
  void stop() {
    simulator.close();
  }

  @Override
  protected String baseUrl() {
    return "http://127.0.0.1:" + simulator.port();
  }

  @Override
  protected String apiKey() {
    return "sk-test";
  }
}
