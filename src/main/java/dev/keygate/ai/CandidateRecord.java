package dev.keygate.ai;

import java.util.Locale;

/**
 * What became of one candidate of a request, for whoever asks why it went where it went.
 *
 * @param provider empty where the client named a model that nobody is known to serve
 * @param model as the provider takes it, or as the client named it; empty where the request names
 *     none
 * @param author who made the model; empty where that is not known
 */
public record CandidateRecord(String provider, String model, String author, Fate fate) {

  /** What became of a candidate. Everything but the first two says why it was not called. */
  public enum Fate {
    /** At least one attempt was made: see the attempts. */
    TRIED("tried"),
    /** An earlier one served the request, or the time was up. */
    NOT_REACHED("its turn did not come"),
    /** All of its keys are set aside after failures or at the provider's wish: see the skips. */
    SKIPPED("its keys are set aside for a while"),
    UNKNOWN_MODEL("no provider is known to serve it"),
    PROVIDER_NOT_ALLOWED("the policy does not allow its provider"),
    MODEL_NOT_ALLOWED("the policy does not allow it"),
    SURFACE_NOT_SERVED("its provider does not serve this API"),
    NOT_ALLOWED_FOR_KEY("the gateway key does not allow it"),
    LEFT_OUT_BY_STRATEGY("the model selection strategy left it out"),
    NO_PROVIDER_KEY("there is no key for its provider"),
    KEYS_LEFT_OUT_BY_STRATEGY("the key selection strategy left no key for its provider"),
    /** A credential of the client's is for the first provider alone. */
    NOT_FOR_THIS_CREDENTIAL("the client's own credential is for another provider"),
    CANNOT_BE_TRANSLATED("its API cannot say what the request asks for");

    private final String words;

    Fate(String words) {
      this.words = words;
    }

    /** Stable, in lower case with underscores. */
    public String id() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** For people. */
    public String words() {
      return words;
    }
  }

  static CandidateRecord of(Candidate candidate, Fate fate) {
    return new CandidateRecord(
        candidate.provider().id(), candidate.model(), candidate.listing().facts().authorId(), fate);
  }
}
