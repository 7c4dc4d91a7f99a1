package dev.keygate.ai.translate;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request of any of the chat APIs, by what it means. Instructions come first in the turns. */
record Conversation(
    List<Turn> turns, List<Tool> tools, Tool.@Nullable Choice choice, Settings settings) {

  Conversation {
    turns = List.copyOf(turns);
    tools = List.copyOf(tools);
  }

  /**
   * How the answer is wanted; null and empty where the client does not say.
   *
   * @param maxTokens bound on the answer
   * @param stop texts at which the answer ends
   * @param parallelCalls whether several tools may be called at once
   * @param shape what the answer has to be, when it is JSON
   * @param effort {@code low}, {@code medium} and the like
   * @param user whom the request is for
   * @param shared fields that Chat Completions and Responses spell alike, as they came
   */
  record Settings(
      @Nullable JsonNode maxTokens,
      @Nullable JsonNode temperature,
      @Nullable JsonNode topP,
      List<String> stop,
      Streaming streaming,
      @Nullable Boolean parallelCalls,
      @Nullable Shape shape,
      @Nullable String effort,
      @Nullable String user,
      Map<String, JsonNode> shared) {}

  /** How the answer comes. */
  enum Streaming {
    OFF,
    ON,
    /** With the usage at the end, where that has to be asked for. */
    WITH_USAGE;

    boolean isOn() {
      return this != OFF;
    }
  }

  /** The form of an answer that is JSON. */
  sealed interface Shape {
    /** Any JSON object. */
    record AnyObject() implements Shape {}

    /**
     * An object that fits a JSON schema.
     *
     * @param strict null when the client did not say
     */
    record Schema(String name, @Nullable JsonNode schema, @Nullable Boolean strict)
        implements Shape {}
  }
}
