package dev.keygate.ai.translate;

/**
 * What happens in a streamed answer. Blocks come one after the other: a block begins, gets its
 * deltas and ends before the next begins.
 */
sealed interface StreamEvent {

  /**
   * The answer begins.
   *
   * @param usage what is known of it so far
   */
  record Begin(String id, String model, TokenUsage usage) implements StreamEvent {}

  record TextBegin() implements StreamEvent {}

  record TextDelta(String text) implements StreamEvent {}

  record ToolBegin(String id, String name) implements StreamEvent {}

  /**
   * More of a tool call.
   *
   * @param arguments the next piece of a JSON object
   */
  record ToolDelta(String arguments) implements StreamEvent {}

  record BlockEnd() implements StreamEvent {}

  /** The answer is complete; nothing follows. */
  record Finish(Reply.Ending ending, TokenUsage usage) implements StreamEvent {}

  /** The provider gives up; nothing follows. */
  record Failed(ProviderError error) implements StreamEvent {}
}
