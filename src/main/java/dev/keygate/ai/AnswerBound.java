package dev.keygate.ai;

import dev.keygate.exchange.Surface;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The fields by which clients bound the length of an answer, for each surface. Pure. */
final class AnswerBound {
  private static final int MAX_DIGITS = 15;

  private AnswerBound() {}

  /** The fields that bound an answer; none where there is no such thing. */
  static List<String> names(Surface surface) {
    return switch (surface) {
      case CHAT_COMPLETIONS -> List.of("max_completion_tokens", "max_tokens");
      case RESPONSES -> List.of("max_output_tokens");
      case COMPLETIONS, MESSAGES -> List.of("max_tokens");
      case EMBEDDINGS, MODERATIONS, RERANK, IMAGES, AUDIO -> List.of();
      case FILES, BATCHES, COUNT_TOKENS, MODELS -> List.of();
    };
  }

  /** The field to bound an answer with where the client set none; empty where there is none. */
  static String name(Surface surface, Candidate candidate) {
    // OpenAI's newer models refuse the older name, others know no newer one.
    boolean isOlder =
        surface == Surface.CHAT_COMPLETIONS && !candidate.provider().id().equals("openai");
    List<String> names = names(surface);
    return names.isEmpty() ? "" : isOlder ? names.getLast() : names.getFirst();
  }

  /** The value itself when it is a plain number within the bound, else the bound. */
  static byte[] within(byte[] json, long most) {
    long number = 0;
    boolean isPlain = json.length > 0 && json.length <= MAX_DIGITS;
    for (byte digit : json) {
      isPlain &= digit >= '0' && digit <= '9';
      number = 10 * number + digit - '0';
    }
    return isPlain && number <= most
        ? json
        : Long.toString(most).getBytes(StandardCharsets.US_ASCII);
  }
}
