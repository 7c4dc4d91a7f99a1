package dev.keygate.sim;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code /v1/files}: nothing is kept, every id is a file. */
final class OpenAiFiles {

  private OpenAiFiles() {}

  static Answer answer(Call call) {
    String rest = call.route().substring("files".length());
    if (rest.isEmpty()) {
      return call.method().equals("POST")
          ? Answer.json(file(call, call.id("file-"), call.body().length()))
          : Answer.json(list(file(call, "file-sim00000000", 0)));
    }
    if (rest.endsWith("/content")) {
      return Answer.text("{\"custom_id\":\"simulated\"}\n");
    }
    String id = rest.substring(1);
    return call.method().equals("DELETE")
        ? Answer.json(
            JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("object", "file")
                .put("deleted", true))
        : Answer.json(file(call, id, 0));
  }

  private static ObjectNode file(Call call, String id, long bytes) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", "file")
        .put("bytes", bytes)
        .put("created_at", call.unixSeconds())
        .put("filename", "simulated.jsonl")
        .put("purpose", "batch")
        .put("status", "processed");
  }

  /** A list of one, in the form of all OpenAI lists. */
  static ObjectNode list(ObjectNode only) {
    ObjectNode list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").add(only);
    String id = only.path("id").stringValue("");
    return list.put("first_id", id).put("last_id", id).put("has_more", false);
  }
}
