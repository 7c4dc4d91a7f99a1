package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A client's request, ready to be sent to whichever provider is next: body and path are changed no
 * more than that provider needs. One for each request.
 */
final class Outgoing {
  private final Exchange exchange;
  private final Format format;
  private final Extras extras;
  private final BodyChanges changes;
  private final @Nullable TopLevelFields fields;
  private final Map<String, RequestHeaders> headersByProvider;
  private @Nullable Candidate bodyOf;
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
    this.format = surface.format();
    this.extras = extras;
    this.changes = new BodyChanges(surface, maxOutputTokens, extras.body());
    this.fields = fields;
    this.headersByProvider = headersByProvider;
    this.body = exchange.body();
  }

  /** The request as this attempt's provider gets it. */
  UpstreamRequest to(Attempt attempt) {
    Provider provider = attempt.candidate().provider();
    BaseUrl baseUrl = provider.baseUrl(format);
    RequestHeaders headers = headersByProvider.get(provider.id());
    if (baseUrl == null || headers == null) {
      throw new IllegalStateException("provider '" + provider.id() + "' is no candidate here");
    }
    return new UpstreamRequest(
        baseUrl,
        HttpMethod.valueOf(exchange.method()),
        RequestTarget.of(baseUrl, exchange.path(), exchange.query(), extras.query()),
        upstream ->
            headers.write(exchange.headers(), extras.headers(), format, attempt.key(), upstream),
        bodyFor(attempt.candidate()));
  }

  private Buffer bodyFor(Candidate candidate) {
    if (fields != null && !candidate.equals(bodyOf)) {
      body = changes.apply(exchange.body(), fields, candidate);
      bodyOf = candidate;
    }
    return body;
  }
}
