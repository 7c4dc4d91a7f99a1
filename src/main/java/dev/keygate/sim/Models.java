package dev.keygate.sim;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code GET /v1/models} and {@code /v1/models/ID}. Some are listed; every id is a model. */
final class Models {

  private static final List<String> LISTED =
      List.of(
          "gpt-5",
          "gpt-5-mini",
          "gpt-4o",
          "gpt-4o-mini",
          "text-embedding-3-small",
          "claude-opus-4-1",
          "claude-sonnet-4-5",
          "claude-haiku-4-5");

  /** When every model came to be, the same instant in both spellings. */
  private static final long CREATED_SECONDS = 1_735_689_600;

  private static final String CREATED = "2025-01-01T00:00:00Z";

  private Models() {}

  static Answer answer(Call call) {
    boolean anthropic = SimulatorRoutes.isAnthropic(call);
    String id = call.route().substring("models".length());
    if (id.length() > 1) {
      return Answer.json(model(id.substring(1), anthropic));
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ArrayNode data = body.putArray("data");
    LISTED.forEach(listed -> data.add(model(listed, anthropic)));
    return Answer.json(
        anthropic
            ? body.put("has_more", false)
                .put("first_id", LISTED.getFirst())
                .put("last_id", LISTED.getLast())
            : body.put("object", "list"));
  }

  private static ObjectNode model(String id, boolean anthropic) {
    ObjectNode model = JsonNodeFactory.instance.objectNode().put("id", id);
    return anthropic
        ? model.put("type", "model").put("display_name", id).put("created_at", CREATED)
        : model.put("object", "model").put("created", CREATED_SECONDS).put("owned_by", "simulated");
  }
}
