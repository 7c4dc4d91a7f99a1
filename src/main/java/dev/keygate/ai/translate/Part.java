package dev.keygate.ai.translate;

import java.util.List;

/** A piece of what is said in a conversation. */
sealed interface Part {

  record Text(String text) implements Part {}

  /** A picture. */
  sealed interface Image extends Part {}

  record ImageUrl(String url) implements Image {}

  /**
   * A picture in the message itself.
   *
   * @param mediaType as in {@code image/png}
   */
  record ImageData(String mediaType, String base64) implements Image {}

  /**
   * The model asks for a tool to be run.
   *
   * @param arguments a JSON object as text; of an answer, whatever the model made of it
   */
  record ToolCall(String id, String name, String arguments) implements Part {}

  /** What a tool gave: texts and images. */
  record ToolResult(String callId, List<Part> content) implements Part {
    public ToolResult {
      content = List.copyOf(content);
    }
  }
}
