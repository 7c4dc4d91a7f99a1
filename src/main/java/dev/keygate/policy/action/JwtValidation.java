package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_HTTP_REQUEST;

import com.nimbusds.jose.JWSAlgorithm;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.Template;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** {@code jwt-validation}: lets through requests that carry signed tokens of known issuers. */
public final class JwtValidation implements ActionType<JwtValidation.Config> {
  private final KeySets keySets;
  private final InstantSource clock;

  /**
   * @param http fetches the issuers' keys
   * @param nanoTime as {@link System#nanoTime}
   */
  public JwtValidation(HttpCall http, InstantSource clock, LongSupplier nanoTime) {
    this.keySets = new KeySets(http, nanoTime);
    this.clock = clock;
  }

  /** A name that may be. */
  public record Issuer(@Setting("`iss`, to the letter.") Template value) {}

  /** A name that may be. */
  public record Audience(@Setting("`aud`, to the letter.") String value) {}

  /** Who may have issued a token. */
  public record Issuers(
      @Setting(value = "The issuers.", atLeast = "1", atMost = "32") List<Issuer> allowList) {}

  /** Whom a token may be for. */
  public record Audiences(
      @Setting(value = "The audiences.", atLeast = "1", atMost = "32") List<Audience> allowList) {}

  /** A token that a request must carry. */
  public record Token(
      @Setting(
              "`jwt`, `access_token`, `id_token`, `at+jwt`, `it+jwt` or `plain`. A token of type"
                  + " `at+jwt` must say so in its `typ` (RFC 9068).")
          TokenType type,
      @Setting(
              "Where it is: in a `header`, or in a field of a JSON or form `body` of a POST, PUT or"
                  + " PATCH.")
          TokenPlace.Method method,
      @Setting(
              value = "The header's or field's name, in any letter case.",
              atLeast = "1",
              atMost = "128")
          String name,
      @Setting(value = "What stands before the token, such as `'Bearer '`.", defaultsTo = "''")
          String prefix) {}

  /** Where tokens are. */
  public record Http(
      @Setting(value = "Tokens that must all be there and valid.", atLeast = "1", atMost = "8")
          List<Token> tokens) {}

  /** Where keys are. */
  public record Sources(
      @Setting(
              value =
                  "URLs of key sets (JWKS): `https://…`, or `http://…` to a loopback address. They"
                      + " are fetched again about every 15 minutes, and when a token names an"
                      + " unknown key, but no sooner than after 30 seconds; while an issuer is"
                      + " away its last keys count on.",
              atMost = "16")
          List<KeySetUrl> additionalJkus,
      @Setting(
              value =
                  "Secrets shared with the issuer, for `HS256` and its kind: at least 32 bytes."
                      + " Read them from a vault with `secrets.get`.",
              atMost = "8")
          List<Template> secrets) {}

  /** The keys that count. */
  public record Keys(@Setting("Where they come from.") Sources sources) {}

  /** How tokens are signed. */
  public record Jws(
      @Setting(
              value =
                  "`RS256`, `PS256`, `ES256` and their 384 and 512 kinds, `EdDSA`; with"
                      + " `secrets`, `HS256`, `HS384`, `HS512`. Never `none`.",
              atLeast = "1",
              atMost = "16")
          List<SigningAlgorithm> allowedAlgorithms,
      @Setting("Whose signatures count.") Keys keys) {}

  /** What {@code jwt-validation} is configured with. */
  public record Config(
      @Setting("Who may have issued the tokens.") Issuers issuer,
      @Setting("Whom they may be for; anybody when left out.") @Nullable Audiences audience,
      @Setting("Where requests carry them.") Http http,
      @Setting("How they are signed.") Jws jws) {}

  @Override
  public String name() {
    return "jwt-validation";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_HTTP_REQUEST);
  }

  @Override
  public Ending ending() {
    return Ending.SOMETIMES;
  }

  @Override
  public Guard guard(Config config) {
    return Guard.BY_ITSELF;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    Sources sources = config.jws().keys().sources();
    Set<JWSAlgorithm> algorithms = algorithms(config.jws(), context);
    for (Template secret : sources.secrets()) {
      String fixed = secret.constant();
      if (fixed != null && fixed.length() < 32) {
        context.error("jws", "a secret shorter than 32 bytes: it could be guessed");
      }
    }
    Audiences audience = config.audience();
    TokenCheck check =
        new TokenCheck(
            new TokenCheck.Rules(
                algorithms,
                sources.additionalJkus().stream().map(url -> keySets.at(url.text())).toList(),
                sources.secrets(),
                config.issuer().allowList().stream().map(Issuer::value).toList(),
                audience == null
                    ? Set.of()
                    : Set.copyOf(audience.allowList().stream().map(Audience::value).toList())),
            clock);
    return new TokenGate(check, config.http().tokens());
  }

  /** What the algorithms need must be there, and what is there must be of use. */
  private static Set<JWSAlgorithm> algorithms(Jws jws, ActionContext context) {
    Set<JWSAlgorithm> algorithms = new LinkedHashSet<>();
    boolean symmetric = false;
    boolean asymmetric = false;
    for (SigningAlgorithm algorithm : jws.allowedAlgorithms()) {
      symmetric |= algorithm.isSymmetric();
      asymmetric |= !algorithm.isSymmetric();
      algorithms.add(algorithm.algorithm());
    }
    Sources sources = jws.keys().sources();
    if (asymmetric && sources.additionalJkus().isEmpty()) {
      context.error(
          "jws", "no additional_jkus: expected the URL of a key set for these algorithms");
    }
    if (symmetric == sources.secrets().isEmpty()) {
      context.error(
          "jws",
          symmetric
              ? "no secrets: expected one for HS256 and its kind"
              : "secrets without HS256, HS384 or HS512 among the algorithms");
    }
    return algorithms;
  }
}
