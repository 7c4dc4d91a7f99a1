package dev.keygate.sim;

import tools.jackson.databind.JsonNode;

/**
 * Token counts. One token is four characters begun: not a tokenizer's count, but always the same.
 */
record Usage(int input, int output) {

  private static final int CHARACTERS_PER_TOKEN = 4;

  int total() {
    return input + output;
  }

  static int tokens(long characters) {
    return (int) Math.max(1, (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN);
  }

  static int characters(int tokens) {
    return (int) Math.min(Integer.MAX_VALUE, (long) tokens * CHARACTERS_PER_TOKEN);
  }

  /** The tokens of every text inside these nodes. */
  static int tokensIn(JsonNode... nodes) {
    long characters = 0;
    for (JsonNode node : nodes) {
      characters += charactersIn(node);
    }
    return tokens(characters);
  }

  private static long charactersIn(JsonNode node) {
    if (node.isString()) {
      return node.stringValue().length();
    }
    long characters = 0;
    for (JsonNode child : node.values()) {
      characters += charactersIn(child);
    }
    return characters;
  }
}
