package dev.keygate.ai.translate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An answer of any of the chat APIs.
 *
 * @param id the provider's, by which it knows the answer
 * @param parts texts and tool calls
 */
record Reply(String id, String model, List<Part> parts, Ending ending, TokenUsage usage) {
  Reply {
    parts = List.copyOf(parts);
  }

  /**
   * Why the answer ended.
   *
   * @param stopSequence the text that ended it, where the provider says so
   */
  record Ending(Stop stop, @Nullable String stopSequence) {
    static Ending of(Stop stop) {
      return new Ending(stop, null);
    }
  }

  enum Stop {
    /** The model had said all. */
    DONE,
    SEQUENCE,
    LENGTH,
    TOOL_CALLS,
    /** The provider did not let the model go on. */
    REFUSAL
  }

  boolean hasToolCalls() {
    return parts.stream().anyMatch(Part.ToolCall.class::isInstance);
  }
}
