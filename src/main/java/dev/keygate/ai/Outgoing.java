package dev.keygate.ai;

import dev.keygate.ai.translate.Dialect;
import dev.keygate.ai.translate.Target;
import dev.keygate.ai.translate.Translation;
import dev.keygate.ai.translate.UntranslatableException;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Surface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's request, ready to be sent to whichever provider is next: body and path are changed no
 * more than that provider needs. One for each request.
 */
final class Outgoing {
  private final Exchange exchange;
  private final Surface surface;
  private final Extras extras;
  private final long maxOutputTokens;
  private final BodyChanges changes;
  private final @Nullable TopLevelFields fields;
  private final Map<String, RequestHeaders> headersByProvider;
  private @Nullable Candidate bodyOf;
  private @Nullable Translation translation;
  private Buffer body;

  /**
   * @param fields of the body, or null where it is not JSON and goes as it came
   * @param headersByProvider by provider id, for every provider there is
   * @param maxOutputTokens most tokens of an answer; 0 for no bound
   */
  Outgoing(
      Exchange exchange,
      Surface surface,
      @Nullable TopLevelFields fields,
      Map<String, RequestHeaders> headersByProvider,
      Extras extras,
      long maxOutputTokens) {
    this.exchange = exchange;
    this.surface = surface;
    this.extras = extras;
    this.maxOutputTokens = maxOutputTokens;
    this.changes = new BodyChanges(surface, maxOutputTokens, extras.body());
    this.fields = fields;
    this.headersByProvider = headersByProvider;
    this.body = exchange.body();
  }

  /**
   * The request as this attempt's provider gets it.
   *
   * @throws UntranslatableException if the provider speaks another API, which cannot say it
   */
  UpstreamRequest to(Attempt attempt) throws UntranslatableException {
    Provider provider = attempt.candidate().provider();
    Dialect dialect = Dialects.of(provider, surface);
    return dialect == null ? asItIs(attempt, provider) : translated(attempt, provider, dialect);
  }

  /** How the last request was translated; null when it was not. */
  @Nullable Translation translation() {
    return translation;
  }

  private UpstreamRequest asItIs(Attempt attempt, Provider provider) {
    translation = null;
    return new UpstreamRequest(
        baseUrl(provider, surface),
        HttpMethod.valueOf(exchange.method()),
        RequestTarget.of(
            baseUrl(provider, surface), exchange.path(), exchange.query(), extras.query()),
        upstream ->
            headersOf(provider)
                .write(
                    exchange.headers(),
                    extras.headers(),
                    surface.format(),
                    attempt.key(),
                    upstream),
        bodyFor(attempt.candidate()));
  }

  /** The client's query and version headers are of its own API, and stay here. */
  private UpstreamRequest translated(Attempt attempt, Provider provider, Dialect dialect)
      throws UntranslatableException {
    Candidate candidate = attempt.candidate();
    if (translation == null || !candidate.equals(bodyOf)) {
      bodyOf = null;
      Translation made =
          Translation.of(client(), dialect, exchange.body().getBytes(), target(candidate));
      body = changed(made, candidate);
      bodyOf = candidate;
      translation = made;
    }
    BaseUrl baseUrl = baseUrl(provider, dialect.surface());
    return new UpstreamRequest(
        baseUrl,
        HttpMethod.POST,
        RequestTarget.of(baseUrl, dialect.path(), null, extras.query()),
        upstream ->
            headersOf(provider)
                .writeTranslated(
                    exchange.headers(),
                    extras.headers(),
                    dialect.format(),
                    attempt.key(),
                    upstream),
        body);
  }

  private Dialect client() throws UntranslatableException {
    Dialect client = Dialect.of(surface);
    boolean isRequest =
        client != null && exchange.path().equals(client.path()) && exchange.method().equals("POST");
    if (client == null || !isRequest || fields == null) {
      throw UntranslatableException.at(
          "request", "the model's provider has no such thing; expected a POST of a new request");
    }
    return client;
  }

  /** With the parameters that the provider's API takes, under the names they have there. */
  private Buffer changed(Translation made, Candidate candidate) throws UntranslatableException {
    Buffer translated = Buffer.buffer(made.body());
    Map<String, byte[]> added = new LinkedHashMap<>(extras.body());
    if (made.provider() != Dialect.CHAT) {
      added.remove("stream_options"); // Others say the usage of a stream without being asked.
    }
    try {
      return new BodyChanges(made.provider().surface(), maxOutputTokens, added)
          .apply(translated, TopLevelFields.of(translated), candidate);
    } catch (MalformedBodyException e) {
      throw UntranslatableException.at("request", e.words());
    }
  }

  private static Target target(Candidate candidate) {
    String model = candidate.model();
    boolean isOpenAi = candidate.provider().id().equals("openai");
    Target target = isOpenAi ? Target.openAi(model) : Target.compatible(model);
    long most = candidate.listing().facts().maxOutputTokens();
    return most > 0 ? target.withUsualLimit(most) : target;
  }

  private static BaseUrl baseUrl(Provider provider, Surface surface) {
    BaseUrl baseUrl = provider.baseUrl(surface.format());
    if (baseUrl == null) {
      throw new IllegalStateException("provider '" + provider.id() + "' is no candidate here");
    }
    return baseUrl;
  }

  private RequestHeaders headersOf(Provider provider) {
    RequestHeaders headers = headersByProvider.get(provider.id());
    if (headers == null) {
      throw new IllegalStateException("provider '" + provider.id() + "' is no candidate here");
    }
    return headers;
  }

  private Buffer bodyFor(Candidate candidate) {
    if (fields != null && !candidate.equals(bodyOf)) {
      body = changes.apply(exchange.body(), fields, candidate);
      bodyOf = candidate;
    }
    return body;
  }
}
