package dev.keygate.sim;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Moderations, images, audio and rerank: the least that is a valid answer. */
final class OpenAiMinor {

  /** A PNG of one transparent pixel. */
  private static final String PIXEL =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

  private static final List<String> CATEGORIES =
      List.of(
          "harassment",
          "harassment/threatening",
          "hate",
          "hate/threatening",
          "illicit",
          "illicit/violent",
          "self-harm",
          "self-harm/instructions",
          "self-harm/intent",
          "sexual",
          "sexual/minors",
          "violence",
          "violence/graphic");

  private OpenAiMinor() {}

  /** {@code POST /v1/moderations}: nothing is ever flagged. */
  static Answer moderation(Call call) {
    ObjectNode body = object().put("id", call.id("modr-")).put("model", call.model());
    ObjectNode result = body.putArray("results").addObject().put("flagged", false);
    ObjectNode categories = result.putObject("categories");
    ObjectNode inputTypes = object();
    ObjectNode scores = object();
    for (String category : CATEGORIES) {
      categories.put(category, false);
      inputTypes.putArray(category).add("text");
      scores.put(category, 0.0001);
    }
    result.set("category_applied_input_types", inputTypes);
    result.set("category_scores", scores);
    return Answer.json(body);
  }

  /** {@code POST /v1/rerank}: the documents in their order, each scored half of the one before. */
  static Answer rerank(Call call) {
    JsonNode documents = call.json().path("documents");
    int most = Math.min(documents.size(), call.json().path("top_n").intValue(documents.size()));
    ObjectNode body = object().put("id", call.id("rerank-")).put("model", call.model());
    ArrayNode results = body.putArray("results");
    for (int i = 0; i < most; i++) {
      ObjectNode result = results.addObject().put("index", i);
      result.put("relevance_score", Math.scalb(1.0, -i));
      result.putObject("document").put("text", documents.path(i).stringValue(""));
    }
    int tokens = Usage.tokensIn(call.json().path("query"), documents);
    body.putObject("usage").put("total_tokens", tokens);
    return Answer.json(body);
  }

  /** {@code POST /v1/images/…}: a picture of one pixel. */
  static Answer image(Call call) {
    ObjectNode body = object().put("created", call.unixSeconds());
    body.putArray("data").addObject().put("b64_json", PIXEL);
    return Answer.json(body);
  }

  /** {@code POST /v1/audio/speech}: an MP3 frame of silence, its samples all zero. */
  static Answer speech() {
    byte[] frame = new byte[417];
    byte[] header = {(byte) 0xff, (byte) 0xfb, (byte) 0x90, 0};
    System.arraycopy(header, 0, frame, 0, header.length);
    return Answer.bytes("audio/mpeg", frame);
  }

  /** {@code POST /v1/audio/transcriptions} and {@code translations}. */
  static Answer transcript(Call call) {
    ObjectNode body =
        object()
            .put(
                "text",
                "This is the simulated provider. It heard " + call.body().length() + " bytes.");
    body.putObject("usage").put("type", "duration").put("seconds", 1);
    return Answer.json(body);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
