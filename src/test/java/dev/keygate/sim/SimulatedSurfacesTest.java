package dev.keygate.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The surfaces beside chat: each gives the least that is a valid answer. */
class SimulatedSurfacesTest {

  private final SimulatorClient client = new SimulatorClient();

  @AfterEach
  void close() {
    client.close();
  }

  private static final String ANY_BODY =
      """
      {"model":"m","prompt":"hi","input":"hi","query":"q","documents":["a","b"],"max_tokens":9,
       "messages":[{"role":"user","content":"hi"}]}\
      """;

  @ParameterizedTest
  @CsvSource({
    "completions, /choices/0/text",
    "moderations, /results/0/flagged",
    "images/generations, /data/0/b64_json",
    "audio/transcriptions, /text",
    "rerank, /results/0/relevance_score",
    "embeddings, /data/0/embedding/0",
    "files, /id",
    "batches, /request_counts/total",
    "batches/batch_1/cancel, /status",
    "responses, /output/0/content/0/text",
    "messages, /content/0/text",
    "messages/count_tokens, /input_tokens"
  })
  void isAnsweredWithJson(String route, String pointer) throws Exception {
    var response = client.post("/v1/" + route, ANY_BODY);
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(SimulatorClient.json(response).at(pointer).isValueNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"files", "files/file-1", "batches", "batches/batch_1", "models", "models/gpt-4o"})
  void canBeReadBack(String route) throws Exception {
    var response = client.send(client.request("/v1/" + route).GET().build());
    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode json = SimulatorClient.json(response);
    assertThat((json.has("data") ? json.at("/data/0") : json).path("id").isString()).isTrue();
  }

  @Test
  void speechIsSound() throws Exception {
    var response = client.post("/v1/audio/speech", ANY_BODY);
    assertThat(response.headers().firstValue("content-type")).contains("audio/mpeg");
  }

  @Test
  void completionsAreStreamed() throws Exception {
    String body = "{\"model\":\"m\",\"prompt\":\"hi\",\"stream\":true}";
    assertThat(client.post("/v1/completions", body).body())
        .contains("\"text\":\"This\"")
        .endsWith("data: [DONE]\n\n");
  }

  @Test
  void modelsAreListedInTheVendorsOwnShape() throws Exception {
    HttpRequest anthropic = client.request("/v1/models").GET().build();
    assertThat(client.send(anthropic).body()).contains("\"display_name\"");
    HttpRequest openAi =
        HttpRequest.newBuilder(client.uri("/v1/models"))
            .header("authorization", "Bearer k")
            .build();
    assertThat(client.send(openAi).body()).contains("\"object\":\"list\"", "\"owned_by\"");
  }

  @Test
  void aFormNamesItsModelToo() throws Exception {
    String form =
        "--x\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nwhisper-sim-status-418\r\n--x--\r\n";
    HttpRequest request =
        HttpRequest.newBuilder(client.uri("/v1/audio/transcriptions"))
            .header("authorization", "Bearer k")
            .header("content-type", "multipart/form-data; boundary=x")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build();
    assertThat(client.send(request).statusCode()).isEqualTo(418);
  }

  @Test
  void withoutACredentialNothingIsAnswered() throws Exception {
    for (String route : List.of("chat/completions", "messages", "models", "files")) {
      HttpRequest request =
          HttpRequest.newBuilder(client.uri("/v1/" + route))
              .POST(HttpRequest.BodyPublishers.ofString(ANY_BODY))
              .build();
      assertThat(client.send(request).statusCode()).as(route).isEqualTo(401);
    }
  }

  @Test
  void whatTheVendorsRefuseIsRefused() throws Exception {
    assertThat(client.post("/v1/chat/completions", "{\"model\":\"m\"}").statusCode())
        .isEqualTo(400);
    assertThat(client.post("/v1/chat/completions", "{").statusCode()).isEqualTo(400);
    assertThat(client.post("/v1/messages", "{\"model\":\"m\"}").body()).contains("max_tokens");
    assertThat(client.post("/v1/nothing", "{}").statusCode()).isEqualTo(404);
  }
}
