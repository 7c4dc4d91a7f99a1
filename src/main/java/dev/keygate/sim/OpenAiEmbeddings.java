package dev.keygate.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/embeddings}: unit vectors that depend on nothing but their input. */
final class OpenAiEmbeddings {

  private static final int USUAL_DIMENSIONS = 1536;
  private static final int MOST_DIMENSIONS = 8192;
  private static final int MOST_INPUTS = 2048;

  private OpenAiEmbeddings() {}

  static Answer answer(Call call) {
    JsonNode input = call.json().path("input");
    List<JsonNode> inputs = inputs(input);
    int dimensions = call.json().path("dimensions").intValue(USUAL_DIMENSIONS);
    if (inputs.isEmpty() || inputs.size() > MOST_INPUTS) {
      return VendorError.OPENAI.answer(400, "input: expected 1 to " + MOST_INPUTS + " texts.");
    }
    if (dimensions < 1 || dimensions > MOST_DIMENSIONS) {
      return VendorError.OPENAI.answer(400, "dimensions: expected 1 to " + MOST_DIMENSIONS + ".");
    }
    boolean base64 = call.json().path("encoding_format").stringValue("float").equals("base64");
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("object", "list");
    ArrayNode data = body.putArray("data");
    for (int i = 0; i < inputs.size(); i++) {
      float[] vector = vector(inputs.get(i).toString(), dimensions);
      ObjectNode entry = data.addObject().put("object", "embedding").put("index", i);
      entry.set("embedding", base64 ? base64(vector) : numbers(vector));
    }
    int tokens = Usage.tokensIn(input);
    body.put("model", call.model());
    body.putObject("usage").put("prompt_tokens", tokens).put("total_tokens", tokens);
    return Answer.json(body);
  }

  /** A text, a list of texts, one text as token numbers, or a list of those. */
  private static List<JsonNode> inputs(JsonNode input) {
    boolean single = input.isString() || input.path(0).isNumber();
    return single ? List.of(input) : List.copyOf(input.values());
  }

  private static float[] vector(String text, int dimensions) {
    Random random = new Random(text.hashCode());
    float[] vector = new float[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return vector;
  }

  private static JsonNode numbers(float[] vector) {
    ArrayNode numbers = JsonNodeFactory.instance.arrayNode(vector.length);
    for (float number : vector) {
      numbers.add(number);
    }
    return numbers;
  }

  /** 32-bit floats, the lowest byte first. */
  private static JsonNode base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return JsonNodeFactory.instance.stringNode(Base64.getEncoder().encodeToString(bytes.array()));
  }
}
