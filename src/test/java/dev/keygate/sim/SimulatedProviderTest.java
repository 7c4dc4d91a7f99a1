package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SimulatedProviderTest {

  private final SimulatorClient client = new SimulatorClient();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void echoesWhatWasSaid() throws Exception {
    HttpResponse<String> response = client.chat("gpt-4o");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(SimulatorClient.json(response).at("/choices/0/message/content").stringValue())
        .isEqualTo("This is the simulated provider. You said: Hello there");
    assertThat(SimulatorClient.json(response).at("/usage/total_tokens").intValue()).isEqualTo(18);
  }

  @Test
  void streamsEndWithUsageAndDone() throws Exception {
    HttpResponse<String> response = client.streamedChat("gpt-4o");
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    List<String> events = List.of(response.body().split("\n\n"));
    assertThat(events.getFirst()).contains("\"role\":\"assistant\"");
    assertThat(events.get(events.size() - 2)).contains("\"total_tokens\":18");
    assertThat(events.getLast()).isEqualTo("data: [DONE]");
  }

  @Test
  void servesUnderOtherProvidersPaths() throws Exception {
    String body = SimulatorClient.chatBody("gemini", false);
    for (String base : List.of("/v1beta/openai", "/openai/v1", "/api/v1")) {
      assertThat(client.post(base + "/chat/completions", body).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void recordsEverythingItReceived() throws Exception {
    String body = SimulatorClient.chatBody("gpt-4o", false);
    client.post("/v1/chat/completions?a=b", body);
    ReceivedRequest received = client.simulator.received().getFirst();
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.path()).isEqualTo("/v1/chat/completions");
    assertThat(received.query()).isEqualTo("a=b");
    assertThat(received.body()).isEqualTo(body);
    assertThat(received.header("Authorization")).contains("Bearer sk-test");
    assertThat(received.toString()).contains("sk-test", "Hello there", "a=b");
  }

  @Test
  void requestsCanBeAwaitedBeforeAndAfterTheyCome() throws Exception {
    var before = client.simulator.awaitReceived(request -> request.body().contains("late"));
    client.chat("early");
    client.chat("late");
    assertThat(before.get(10, TimeUnit.SECONDS).number()).isEqualTo(2);
    assertThat(client.simulator.awaitReceived(request -> request.body().contains("early")))
        .isCompletedWithValueMatching(request -> request.number() == 1);
  }

  @Test
  void recordedRequestsAreServedAsJsonAndForgottenOnDemand() throws Exception {
    client.chat("gpt-4o");
    HttpRequest list = client.request("/_sim/requests").build();
    assertThat(SimulatorClient.json(client.send(list)).at("/0/path").stringValue())
        .isEqualTo("/v1/chat/completions");
    client.send(client.request("/_sim/requests").DELETE().build());
    assertThat(client.send(list).body()).isEqualTo("[]\n");
    assertThat(client.simulator.received()).isEmpty();
  }

  @Test
  void onlyTheLastRequestsAndTheBeginningOfBodiesAreKept() throws Exception {
    SimulatorSettings small =
        new SimulatorSettings("127.0.0.1", 0, 1, 2, 10, InstantSource.system());
    try (SimulatorClient limited = new SimulatorClient(small)) {
      limited.chat("a");
      limited.chat("b");
      limited.chat("c");
      assertThat(limited.simulator.received())
          .extracting(ReceivedRequest::number)
          .containsExactly(2L, 3L);
      assertThat(limited.simulator.received().getFirst().body()).hasSize(10);
    }
  }

  @Test
  void withoutRecordingNothingIsKeptAndWaitingIsRefused() throws Exception {
    SimulatorSettings settings =
        SimulatorSettings.at("127.0.0.1", 0).withoutRecording().withEventLoops(2);
    try (SimulatorClient silent = new SimulatorClient(settings)) {
      assertThat(silent.chat("gpt-4o").statusCode()).isEqualTo(200);
      assertThat(silent.simulator.received()).isEmpty();
      assertThatThrownBy(() -> silent.simulator.awaitReceived(_ -> true))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aTakenPortIsSaidSo() {
    assertThatThrownBy(() -> SimulatedProvider.start("127.0.0.1", client.simulator.port()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot listen on 127.0.0.1:" + client.simulator.port());
  }

  @Test
  void aClientThatGoesAwayIsNoticed() throws Exception {
    var cancelled = client.simulator.awaitCancelled(_ -> true);
    var streaming =
        client
            .http()
            .send(
                client
                    .request("/v1/chat/completions")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            SimulatorClient.chatBody("sim-slow-50ms-sim-chunks-1000", true)))
                    .build(),
                HttpResponse.BodyHandlers.ofInputStream());
    assertThat(streaming.body().read()).isPositive();
    streaming.body().close();
    assertThat(cancelled.get(10, TimeUnit.SECONDS).path()).isEqualTo("/v1/chat/completions");
    HttpRequest list = client.request("/_sim/requests").build();
    assertThat(client.send(list).body()).contains("\"cancelled\":true");
  }
}
