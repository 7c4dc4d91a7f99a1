package dev.keygate.ai.translate;

import dev.keygate.ai.translate.Reply.Ending;
import dev.keygate.ai.translate.StreamEvent.BlockEnd;
import dev.keygate.ai.translate.StreamEvent.Failed;
import dev.keygate.ai.translate.StreamEvent.Finish;
import dev.keygate.ai.translate.StreamEvent.TextBegin;
import dev.keygate.ai.translate.StreamEvent.TextDelta;
import dev.keygate.ai.translate.StreamEvent.ToolBegin;
import dev.keygate.ai.translate.StreamEvent.ToolDelta;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Reads the events of one API's stream into what they mean; keeps the order of blocks. One for each
 * stream.
 */
abstract sealed class StreamReader
    permits ChatStreamReader, MessagesStreamReader, ResponsesStreamReader {
  private static final String DONE = "[DONE]";

  private final Consumer<StreamEvent> events;
  private Open open = Open.NOTHING;
  private boolean hasArguments;
  private boolean isOver;

  /** The block that has begun and not ended. */
  private enum Open {
    NOTHING,
    TEXT,
    TOOL
  }

  StreamReader(Consumer<StreamEvent> events) {
    this.events = events;
  }

  static StreamReader of(Dialect dialect, Consumer<StreamEvent> events) {
    return switch (dialect) {
      case CHAT -> new ChatStreamReader(events);
      case MESSAGES -> new MessagesStreamReader(events);
      case RESPONSES -> new ResponsesStreamReader(events);
    };
  }

  /** Reads the data of one event. */
  final void add(byte[] data) throws UntranslatableException {
    if (isOver) {
      return;
    }
    if (data.length == DONE.length() && new String(data, StandardCharsets.US_ASCII).equals(DONE)) {
      end();
      return;
    }
    JsonNode event = Json.object(data, "an event of the stream");
    if (Json.has(event, "error") && !event.path("error").isString()) {
      fail(ProviderError.read(event));
    } else {
      read(event);
    }
  }

  abstract void read(JsonNode event) throws UntranslatableException;

  /** The stream has ended, by a mark or by its end. */
  abstract void end();

  /** Whether the answer was finished or given up: else the stream broke off. */
  final boolean isOver() {
    return isOver;
  }

  final void begin(String id, String model, TokenUsage usage) {
    events.accept(new StreamEvent.Begin(id, model, usage));
  }

  final void text(String delta) {
    if (delta.isEmpty()) {
      return;
    }
    if (open != Open.TEXT) {
      endBlock();
      open = Open.TEXT;
      events.accept(new TextBegin());
    }
    events.accept(new TextDelta(delta));
  }

  final void tool(String id, String name) {
    endBlock();
    open = Open.TOOL;
    hasArguments = false;
    events.accept(new ToolBegin(id, name));
  }

  final void arguments(String delta) throws UntranslatableException {
    if (delta.isEmpty()) {
      return;
    }
    if (open != Open.TOOL) {
      throw new UntranslatableException("stream", "arguments of no tool call");
    }
    hasArguments = true;
    events.accept(new ToolDelta(delta));
  }

  final void endBlock() {
    if (open == Open.TOOL && !hasArguments) {
      events.accept(new ToolDelta("{}"));
    }
    if (open != Open.NOTHING) {
      open = Open.NOTHING;
      events.accept(new BlockEnd());
    }
  }

  final void finish(Ending ending, TokenUsage usage) {
    endBlock();
    isOver = true;
    events.accept(new Finish(ending, usage));
  }

  final void fail(ProviderError error) {
    isOver = true;
    events.accept(new Failed(error));
  }
}
