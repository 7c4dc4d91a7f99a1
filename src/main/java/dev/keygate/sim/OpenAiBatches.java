package dev.keygate.sim;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/batches}: nothing is kept, every id is a batch. */
final class OpenAiBatches {

  private OpenAiBatches() {}

  static Answer answer(Call call) {
    String rest = call.route().substring("batches".length());
    if (rest.isEmpty()) {
      return call.method().equals("POST")
          ? Answer.json(batch(call, call.id("batch_"), "validating"))
          : Answer.json(OpenAiFiles.list(batch(call, "batch_sim00000000", "completed")));
    }
    return rest.endsWith("/cancel")
        ? Answer.json(
            batch(call, rest.substring(1, rest.length() - "/cancel".length()), "cancelling"))
        : Answer.json(batch(call, rest.substring(1), "completed"));
  }

  private static ObjectNode batch(Call call, String id, String status) {
    ObjectNode batch =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", id)
            .put("object", "batch")
            .put("endpoint", call.json().path("endpoint").stringValue("/v1/chat/completions"))
            .put("input_file_id", call.json().path("input_file_id").stringValue("file-sim00000000"))
            .put("completion_window", "24h")
            .put("status", status)
            .put("created_at", call.unixSeconds());
    batch.putObject("request_counts").put("total", 0).put("completed", 0).put("failed", 0);
    return batch;
  }
}
