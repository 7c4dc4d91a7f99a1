package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.FakeProvider.Behaviour;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ForwardingTest {
  private final GatewayFixture fixture = new GatewayFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aChatRequestIsForwardedWithTheProvidersKeyAndItsAnswerComesBack() {
    try (FakeProvider openai = FakeProvider.answering(200, "{\"ok\":true}")) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-provider").gateway();
      GatewayFixture.Result result = fixture.chat(gateway);
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo("{\"ok\":true}");
      assertThat(result.header("x-keygate-provider")).isEqualTo("openai");
      assertThat(result.header("x-keygate-model")).isEqualTo("gpt-4o");
      assertThat(result.header("x-keygate-attempts")).isEqualTo("1");
      FakeProvider.Received received = openai.received().getFirst();
      assertThat(received.head())
          .startsWith("post /v1/chat/completions http/1.1\r\n")
          .contains("\r\nauthorization: bearer sk-provider\r\n");
      assertThat(received.body()).isEqualTo(GatewayFixture.HELLO);
      assertThat(fixture.lastUsed.drain()).containsOnlyKeys("aigpk_openai0");
    }
  }

  @Test
  void aStreamComesBackChunkByChunk() {
    String events =
        FakeProvider.eventHead()
            + FakeProvider.chunk("data: 1\n\n")
            + FakeProvider.chunk("data: [DONE]\n\n")
            + "0\r\n\r\n";
    try (FakeProvider openai = new FakeProvider(new Behaviour.Answer(events))) {
      AiGateway gateway = fixture.provider("openai", openai.url(), "sk-1").gateway();
      GatewayFixture.Result result = fixture.chat(gateway);
      assertThat(result.body()).isEqualTo("data: 1\n\ndata: [DONE]\n\n");
      assertThat(result.broken()).isNull();
    }
  }
}
