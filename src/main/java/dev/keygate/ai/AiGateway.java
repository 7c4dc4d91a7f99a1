package dev.keygate.ai;

import dev.keygate.ai.CandidateRecord.Fate;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import dev.keygate.key.GatewayKey;
import dev.keygate.live.LiveState;
import dev.keygate.policy.Action;
import dev.keygate.policy.Authorization;
import dev.keygate.ratelimit.RateLimits;
import dev.keygate.usage.LastUsed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The {@code ai-gateway} action (SPEC.md sections 6 to 9): from the surface and the names in the
 * body to candidates, from those and the keys to a plan, and from that to an answer. Immutable, but
 * for what it was given and what follows from the catalog.
 */
public final class AiGateway implements Action {
  /** What the surfaces know; nothing else reaches a provider. */
  private static final List<String> METHODS =
      List.of("POST", "GET", "DELETE", "HEAD", "PUT", "PATCH");

  private static final Logger LOG = LoggerFactory.getLogger(AiGateway.class);

  private final AiGatewayConfig config;
  private final Selection selection;
  private final KeyChoice keyChoice;
  private final AttemptLoop.Services services;
  private final Upstream upstream;
  private final TokenAllowance tokens;
  private final PromptLimit promptLimit;
  private final Catalogs catalogs;
  private volatile Routing routing;

  /** What follows from the catalog, the policy and where providers are. */
  private record Routing(
      Catalogs.Known known,
      Candidates candidates,
      ModelsAnswer modelsAnswer,
      Map<String, RequestHeaders> headersByProvider) {
    boolean isBuiltIn(Provider provider) {
      return known.providers().ids().contains(provider.id());
    }
  }

  /** What all {@code ai-gateway} actions of a process share. */
  public record Shared(
      LiveState live,
      Catalogs catalogs,
      Upstream upstream,
      LastUsed lastUsed,
      RateLimits limits,
      TrafficWindows windows,
      KeyHealth health) {}

  /**
   * @throws IllegalArgumentException if the configuration names a custom provider without a base
   *     URL
   */
  public AiGateway(AiGatewayConfig config, Shared shared) {
    this.config = config;
    this.upstream = shared.upstream();
    this.selection =
        new Selection(
            config.strategies(),
            exchange ->
                new StrategyView(
                    shared.catalogs().current().catalog(),
                    shared.windows(),
                    exchange,
                    shared.upstream().now()));
    this.keyChoice = new KeyChoice(shared.live(), selection);
    if (!config.strategies().isEmpty()) {
      shared.windows().keep();
    }
    this.tokens = new TokenAllowance(shared.limits());
    this.promptLimit = PromptLimit.of(config.tokens().maxInput(), upstream.vertx());
    this.services =
        new AttemptLoop.Services(
            upstream,
            shared.lastUsed(),
            config.onError(),
            shared.windows(),
            shared.health(),
            shared.live()::now);
    this.catalogs = shared.catalogs();
    this.routing = routed(catalogs.current());
  }

  private Routing routed(Catalogs.Known known) {
    ProviderTable providers = known.providers().with(config.providers());
    ModelTable models = new ModelTable(known.catalog(), providers, config);
    Map<String, RequestHeaders> headersByProvider = new HashMap<>();
    for (Provider provider : providers.all()) {
      headersByProvider.put(provider.id(), new RequestHeaders(allowed(provider)));
    }
    return new Routing(
        known,
        new Candidates(models, config.access()),
        new ModelsAnswer(models),
        headersByProvider);
  }

  /** As the catalog is now; a catalog that the policy no longer fits leaves it as it was. */
  @SuppressWarnings("ReferenceEquality") // the catalog is another object exactly when it changed
  private Routing routing() {
    Routing current = routing;
    Catalogs.Known known = catalogs.current();
    if (current.known() == known) {
      return current;
    }
    try {
      current = routed(known);
    } catch (IllegalArgumentException unfit) {
      LOG.error("a policy does not fit the new catalog and keeps the old: {}", unfit.getMessage());
      current =
          new Routing(
              known, current.candidates(), current.modelsAnswer(), current.headersByProvider());
    }
    routing = current;
    return current;
  }

  @Override
  public Outcome apply(Exchange exchange) {
    Surface surface = exchange.surface();
    if (surface == null) {
      return Outcome.refuse(ErrorCode.UNKNOWN_PATH, "No API of this gateway is at this path");
    }
    if (!METHODS.contains(exchange.method())) {
      return Outcome.refuse(
          ErrorCode.METHOD_NOT_ALLOWED,
          exchange.method() + ": expected one of " + String.join(", ", METHODS));
    }
    if (surface == Surface.MODELS) {
      return routing().modelsAnswer().to(exchange, provider -> keysFor(provider, exchange));
    }
    String query = exchange.query();
    if (!RequestTarget.isSafePath(exchange.path())
        || (query != null && !RequestTarget.isSafe(query))) {
      return Outcome.refuse(
          ErrorCode.MALFORMED_REQUEST, "The path or query holds what no request target may");
    }
    try {
      return route(exchange, surface, RequestedModels.read(exchange, surface));
    } catch (MalformedBodyException e) {
      return Outcome.refuse(ErrorCode.BAD_BODY, e.words());
    }
  }

  private Outcome route(Exchange exchange, Surface surface, @Nullable TopLevelFields fields) {
    List<String> names = RequestedModels.names(fields);
    Routing now = routing();
    AttemptStory story = new AttemptStory(exchange, names, now.candidates());
    exchange.results().put(AttemptStory.NAME, story);
    Candidates.Resolution resolution =
        names.isEmpty()
            ? now.candidates().unnamed(surface, exchange.method())
            : now.candidates().named(surface, names);
    if (resolution instanceof Candidates.Resolution.None none) {
      return refused(story, none.refusal());
    }
    Selection.Selected selected = chosen((Candidates.Resolution.Found) resolution, story);
    if (selected instanceof Selection.Selected.Refused refused) {
      return refused(story, refused.refusal());
    }
    List<Candidate> candidates = ((Selection.Selected.These) selected).candidates();
    return told(
        story,
        promptLimit.around(
            exchange, surface, fields, () -> attempt(story, surface, fields, candidates, now)));
  }

  /** What the gateway key and the policy's strategies leave. */
  private Selection.Selected chosen(Candidates.Resolution.Found found, AttemptStory story) {
    Exchange exchange = story.exchange();
    KeyScope.Scoped scoped = KeyScope.within(found.candidates(), exchange);
    if (scoped instanceof KeyScope.Scoped.Refused refused) {
      story.keepOnly(List.of(), found.candidates(), Fate.NOT_ALLOWED_FOR_KEY);
      return new Selection.Selected.Refused(refused.refusal());
    }
    List<Candidate> left = ((KeyScope.Scoped.Left) scoped).candidates();
    story.keepOnly(left, found.candidates(), Fate.NOT_ALLOWED_FOR_KEY);
    Selection.Selected selected = selection.models(left, found.order(), exchange);
    List<Candidate> kept =
        selected instanceof Selection.Selected.These these ? these.candidates() : List.of();
    story.keepOnly(kept, left, Fate.LEFT_OUT_BY_STRATEGY);
    return selected;
  }

  /** The outcome, of which the story knows when it is a refusal that was decided at once. */
  private static Outcome told(AttemptStory story, Outcome outcome) {
    return outcome instanceof Outcome.Refuse(Refusal refusal) ? refused(story, refusal) : outcome;
  }

  private static Outcome refused(AttemptStory story, Refusal refusal) {
    story.fail(refusal);
    return new Outcome.Refuse(refusal);
  }

  private Outcome attempt(
      AttemptStory story,
      Surface surface,
      @Nullable TopLevelFields fields,
      List<Candidate> candidates,
      Routing now) {
    Exchange exchange = story.exchange();
    AttemptPlan plan = plan(candidates, story);
    if (plan.isEmpty()) {
      return refused(story, withoutKey(story));
    }
    TokenMeter.Asking asking;
    Extras extras = Extras.of(config.additions(), exchange);
    try {
      asking = asking(exchange, surface, fields, candidates, now);
      if (asking == TokenMeter.Asking.GATEWAY && fields != null) {
        extras = StreamUsage.asked(extras, exchange, fields);
      }
    } catch (MalformedBodyException e) {
      return refused(story, Refusal.of(ErrorCode.BAD_BODY, e.words()));
    }
    Outgoing outgoing =
        new Outgoing(
            exchange,
            surface,
            fields,
            now.headersByProvider(),
            extras,
            config.tokens().maxOutput());
    Limits limits =
        new Limits(
            config.perRequestTimeout().toNanos(), upstream.now() + config.totalTimeout().toNanos());
    return tokens.around(
        exchange,
        surface,
        fields,
        asking,
        () -> new AttemptLoop(story, plan, outgoing, services, limits).run());
  }

  private static Refusal withoutKey(AttemptStory story) {
    boolean isLeftOut =
        story.candidates().stream()
            .anyMatch(candidate -> candidate.fate() == Fate.KEYS_LEFT_OUT_BY_STRATEGY);
    return isLeftOut
        ? Refusal.of(
            ErrorCode.KEY_SELECTION_FAILED,
            "API key selection strategy failed: no strategy leaves a key for this request")
        : Refusal.of(
            ErrorCode.NO_PROVIDER_KEY,
            "There is no provider key for this request: attach one to the gateway key, or give the"
                + " gateway one");
  }

  /**
   * Who asks for the usage of a streamed answer. The gateway does where nobody else does, unless it
   * goes to a custom provider for a key without a limit of tokens: such a server may not know how
   * to be asked.
   */
  private TokenMeter.Asking asking(
      Exchange exchange,
      Surface surface,
      @Nullable TopLevelFields fields,
      List<Candidate> candidates,
      Routing now)
      throws MalformedBodyException {
    if (!TokenMeter.counts(exchange, surface) || !StreamUsage.isSilent(exchange, surface, fields)) {
      return TokenMeter.Asking.CLIENT;
    }
    GatewayKey key = exchange.key();
    boolean mayAsk =
        (key != null && key.limits().tokensPerMinute() > 0)
            || candidates.stream().allMatch(one -> now.isBuiltIn(one.provider()));
    return mayAsk ? TokenMeter.Asking.GATEWAY : TokenMeter.Asking.CLIENT;
  }

  private AttemptPlan plan(List<Candidate> found, AttemptStory story) {
    AttemptPlan all =
        AttemptPlan.of(found, provider -> keysFor(provider, story.exchange()), story::drop);
    AttemptPlan plan = all;
    if (!all.isEmpty() && found.getFirst().model().isEmpty()) {
      plan = all.firstCandidate();
      story.keepOnly(plan.candidates(), all.candidates(), Fate.NOT_REACHED);
    } else if (config.authorization() == Authorization.PASSTHROUGH) {
      // A client's own credential is for one provider, and must not be shown to the next.
      plan = all.firstProvider();
      story.keepOnly(plan.candidates(), all.candidates(), Fate.NOT_FOR_THIS_CREDENTIAL);
    }
    story.planned(plan);
    return plan;
  }

  private KeyChoice.Keys keysFor(Provider provider, Exchange exchange) {
    if (config.authorization() != Authorization.PASSTHROUGH) {
      return keyChoice.keysFor(provider, exchange);
    }
    return HeaderAllowList.hasCredential(exchange.headers())
        ? new KeyChoice.Keys.NoneNeeded(KeySource.CLIENT)
        : KeyChoice.withoutKey(provider);
  }

  private HeaderAllowList allowed(Provider provider) {
    return config.authorization() == Authorization.PASSTHROUGH
        ? HeaderAllowList.passthroughWith(provider.forwardHeaders())
        : HeaderAllowList.with(provider.forwardHeaders());
  }
}
