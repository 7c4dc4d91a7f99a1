package dev.keygate.sim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the model says, before it is put into an API's shape. */
record Reply(Content content, Ending ending, Usage usage) {

  /** Why the model stopped. */
  enum Ending {
    STOP,
    LENGTH,
    TOOL_CALL
  }

  /** Text or a tool call. */
  sealed interface Content {
    /** What a stream sends one by one; together they are the text, or the tool's arguments. */
    List<String> pieces();
  }

  /** An answer in words. */
  record Text(List<String> pieces) implements Content {}

  /** A call of the tool with this name; the pieces are its arguments, a JSON object. */
  record ToolCall(String name, List<String> pieces) implements Content {}

  private static final int LONGEST_ECHO = 500;
  private static final int MEBIBYTE = 1024 * 1024;
  private static final int HUGE_PIECE = 16 * 1024;

  static Reply to(Prompt prompt, Faults faults) {
    if (faults.has(Fault.HUGE)) {
      int pieces = faults.number(Fault.HUGE, 0) * (MEBIBYTE / HUGE_PIECE);
      return text(Collections.nCopies(pieces, "x".repeat(HUGE_PIECE)), Ending.STOP, prompt);
    }
    if (faults.has(Fault.CHUNKS)) {
      List<String> words = words(sentence(prompt));
      List<String> pieces = new ArrayList<>();
      for (int i = 0; i < faults.number(Fault.CHUNKS, 0); i++) {
        pieces.add(words.get(i % words.size()));
      }
      return text(pieces, Ending.STOP, prompt);
    }
    Prompt.Tool tool = prompt.tool();
    if (tool != null && prompt.kind() != Prompt.Kind.TOOL_RESULT) {
      String arguments = SchemaExample.of(tool.parameters()).toString();
      ToolCall call = new ToolCall(tool.name(), inThirds(arguments));
      return new Reply(call, Ending.TOOL_CALL, usage(prompt, call.pieces()));
    }
    return limited(prompt);
  }

  private static Reply limited(Prompt prompt) {
    JsonNode schema = prompt.schema();
    String whole = schema == null ? sentence(prompt) : SchemaExample.of(schema).toString();
    int most = prompt.outputLimit() > 0 ? Usage.characters(prompt.outputLimit()) : whole.length();
    return whole.length() > most
        ? text(words(whole.substring(0, most)), Ending.LENGTH, prompt)
        : text(words(whole), Ending.STOP, prompt);
  }

  private static String sentence(Prompt prompt) {
    String said = prompt.lastText();
    String echo = said.length() > LONGEST_ECHO ? said.substring(0, LONGEST_ECHO) + "…" : said;
    return switch (prompt.kind()) {
      case USER -> "This is the simulated provider. You said: " + echo;
      case TOOL_RESULT -> "This is the simulated provider. The tool said: " + echo;
    };
  }

  private static Reply text(List<String> pieces, Ending ending, Prompt prompt) {
    return new Reply(new Text(pieces), ending, usage(prompt, pieces));
  }

  private static Usage usage(Prompt prompt, List<String> pieces) {
    long characters = pieces.stream().mapToLong(String::length).sum();
    return new Usage(prompt.inputTokens(), Usage.tokens(characters));
  }

  /** Cuts before each space, so that the pieces joined are the text again. */
  private static List<String> words(String text) {
    return List.of(text.split("(?<=\\S)(?=\\s)", -1));
  }

  private static List<String> inThirds(String text) {
    int third = Math.max(1, text.length() / 3);
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); from += third) {
      pieces.add(text.substring(from, Math.min(text.length(), from + third)));
    }
    return pieces;
  }

  String wholeText() {
    return String.join("", content.pieces());
  }
}
