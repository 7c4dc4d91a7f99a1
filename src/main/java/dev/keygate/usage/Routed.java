package dev.keygate.usage;

import java.util.List;

/**
 * What the {@code ai-gateway} action did with a request, as it is remembered (SPEC.md section 13).
 *
 * @param asked the model names of the client, in its order; empty when it named none
 * @param candidates what might have served it, in order
 * @param skips keys that were passed over, in order
 * @param attempts what was tried, in order
 * @param cost in billionths of a US dollar, or negative where no price or no count is known
 */
public record Routed(
    List<String> asked,
    List<Candidate> candidates,
    List<Skip> skips,
    List<Attempt> attempts,
    Tokens tokens,
    long cost) {

  /** Name of the action's result in an exchange. */
  public static final String NAME = "ai_gateway";

  /** Of a request that the action had nothing to do with. */
  public static final Routed NOWHERE =
      new Routed(List.of(), List.of(), List.of(), List.of(), Tokens.UNKNOWN, -1);

  /**
   * What might have served a request.
   *
   * @param fate what became of it, in words
   */
  public record Candidate(String provider, String model, String fate) {}

  /**
   * A key that was passed over.
   *
   * @param reason why it was set aside
   */
  public record Skip(String provider, String model, String providerKeyId, String reason) {}

  /**
   * A candidate with one provider key.
   *
   * @param providerKeyId {@code aigpk_…} or where the key came from; empty without a key
   * @param status the provider's, or 0 when it gave none
   * @param ending how it ended, for example {@code answered}
   * @param verdict what followed, for example {@code served}
   * @param startMicros from the request's start to the attempt's
   * @param firstByteMicros from the attempt's start to the answer's first byte, or to its failure
   */
  public record Attempt(
      String provider,
      String model,
      String providerKeyId,
      int status,
      String ending,
      String verdict,
      long startMicros,
      long firstByteMicros) {}

  /** How many tokens a request took, and how that is known. */
  public record Tokens(long input, long output, Source source) {
    /** Nothing was counted. */
    public static final Tokens UNKNOWN = new Tokens(0, 0, Source.UNKNOWN);

    /** Who counted. */
    public enum Source {
      UNKNOWN(0),
      /** The provider. */
      MEASURED(1),
      /** The gateway, by the length of the texts. */
      ESTIMATED(2);

      private final int code;

      Source(int code) {
        this.code = code;
      }

      /** What stands for it in the journal. */
      int code() {
        return code;
      }

      static Source of(long code) {
        for (Source source : values()) {
          if (source.code == code) {
            return source;
          }
        }
        throw new IllegalArgumentException("no such source of a count: " + code);
      }
    }
  }

  /** Something that can tell it when the request has ended. */
  @FunctionalInterface
  public interface Teller {
    Routed routed();
  }
}
