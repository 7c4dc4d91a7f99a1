package dev.keygate.usage;

import java.util.List;

/** Records to try things with. */
final class Records {
  private Records() {}

  static RequestRecord numbered(int number) {
    return numbered(number, "aigk_1");
  }

  /** A request with this key, which nothing else tells from others. */
  static RequestRecord by(String keyId) {
    return numbered(0, keyId);
  }

  private static RequestRecord numbered(int number, String keyId) {
    return new RequestRecord(
        "req_%027d".formatted(number),
        1_800_000_000_000L + number,
        1500,
        700,
        "ep_1",
        keyId,
        "chat-completions",
        200,
        "",
        "",
        "192.0.2.1",
        350,
        590,
        routed("gpt-4o"));
  }

  /** One that says the same everywhere. */
  static RequestRecord of(String text, Routed routed) {
    return new RequestRecord(text, 1, 2, 3, text, text, text, 200, text, text, text, 4, 5, routed);
  }

  static Routed routed(String model) {
    return new Routed(
        List.of(model),
        List.of(new Routed.Candidate("openai", model, "tried")),
        List.of(),
        List.of(
            new Routed.Attempt("openai", model, "aigpk_1", 200, "answered", "served", 100, 600)),
        new Routed.Tokens(12, 34, Routed.Tokens.Source.MEASURED),
        123_456);
  }
}
