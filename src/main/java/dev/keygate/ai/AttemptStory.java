package dev.keygate.ai;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Refusal;
import dev.keygate.exchange.Surface;
import dev.keygate.usage.Routed;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code ai-gateway} action did with a request: the candidates and what became of each,
 * which keys were passed over, the attempts, what was counted, how it ended. It is among the
 * exchange's results under {@link #NAME} as soon as the action has read the request, and complete
 * when the request has ended ({@link Exchange#onFinished}); there is none where no {@code
 * ai-gateway} action ran. Belongs to the exchange's event loop; the records it gives are values.
 *
 * <p>Policies read it as a map, under {@code actions.ngrok.ai_gateway} (SPEC.md section 10), each
 * field of which {@link StoryFields} makes when it is read.
 */
public final class AttemptStory extends AbstractMap<String, Object> implements Routed.Teller {
  /** Its name among an exchange's results. */
  public static final String NAME = Routed.NAME;

  /** Bound on the candidates of which is kept why they were dropped. */
  private static final int MOST_DROPPED = 64;

  private final Exchange exchange;
  private final List<String> names;
  private final Candidates known;
  private final List<Made> made = new ArrayList<>(1);
  private List<SkipRecord> skips = List.of();
  private Map<Candidate, CandidateRecord> dropped = Map.of();
  private List<Selection.ModelSelection> selections = List.of();
  private Map<String, List<Selection.KeySelection>> keySelections = Map.of();
  private @Nullable AttemptPlan plan;
  private @Nullable Refusal error;
  private @Nullable TokenCount tokens;

  /**
   * @param names the models that the client names, the first being its {@code model}
   * @param known which candidates there are for names
   */
  AttemptStory(Exchange exchange, List<String> names, Candidates known) {
    this.exchange = exchange;
    this.names = names;
    this.known = known;
  }

  /** The exchange's story; null before there is one. */
  public static @Nullable AttemptStory of(Exchange exchange) {
    return exchange.result(NAME) instanceof AttemptStory story ? story : null;
  }

  /** An attempt with what only the request itself may know of it. */
  record Made(AttemptRecord attempt, Attempt sent, AttemptResult result, UpstreamRequest request) {}

  // What is told, by the steps of the request's way.

  void planned(AttemptPlan known) {
    plan = known;
  }

  void drop(Candidate candidate, CandidateRecord.Fate fate) {
    if (dropped.isEmpty()) {
      dropped = new LinkedHashMap<>();
    }
    if (dropped.size() < MOST_DROPPED) {
      dropped.putIfAbsent(candidate, CandidateRecord.of(candidate, fate));
    }
  }

  /** Notes that of some candidates the others were dropped. */
  void keepOnly(List<Candidate> kept, List<Candidate> before, CandidateRecord.Fate fate) {
    if (kept.size() < before.size()) {
      Set<Candidate> left = Set.copyOf(kept);
      before.stream().filter(one -> !left.contains(one)).forEach(one -> drop(one, fate));
    }
  }

  void select(Selection.ModelSelection selection) {
    if (selections.isEmpty()) {
      selections = new ArrayList<>(1);
    }
    selections.add(selection);
  }

  void selectKeys(String providerId, List<Selection.KeySelection> selected) {
    if (keySelections.isEmpty()) {
      keySelections = new HashMap<>();
    }
    keySelections.put(providerId, selected);
  }

  void skip(SkipRecord skip) {
    if (skips.isEmpty()) {
      skips = new ArrayList<>();
    }
    skips.add(skip);
  }

  void add(Made attempt) {
    made.add(attempt);
  }

  /** Says what was used; what is measured stands. */
  void count(TokenCount count) {
    TokenCount known = tokens;
    if (known == null || known.source() == TokenCount.Source.ESTIMATED) {
      tokens = count;
    }
  }

  void fail(Refusal refusal) {
    error = refusal;
  }

  // What can be asked.

  /**
   * Every candidate that was thought of: those of the plan in the order in which they would be
   * tried, then those that were dropped before, at most {@value #MOST_DROPPED} of them. For a
   * request that names models none is missing; for one that leaves the choice open, those that the
   * policy does not allow are not listed.
   */
  public List<CandidateRecord> candidates() {
    Map<Candidate, CandidateRecord> all = new LinkedHashMap<>();
    if (plan != null) {
      for (Attempt attempt : plan.attempts()) {
        Candidate candidate = attempt.candidate();
        all.computeIfAbsent(candidate, _ -> CandidateRecord.of(candidate, fate(candidate)));
      }
    }
    all.putAll(dropped);
    List<CandidateRecord> records = new ArrayList<>(all.values());
    Surface surface = exchange.surface();
    if (surface != null) {
      records.addAll(known.rejected(surface, names, MOST_DROPPED));
    }
    return records;
  }

  private CandidateRecord.Fate fate(Candidate candidate) {
    String provider = candidate.provider().id();
    if (made.stream().anyMatch(one -> one.sent().candidate().equals(candidate))) {
      return CandidateRecord.Fate.TRIED;
    }
    return skips.stream()
            .anyMatch(s -> s.provider().equals(provider) && s.model().equals(candidate.model()))
        ? CandidateRecord.Fate.SKIPPED
        : CandidateRecord.Fate.NOT_REACHED;
  }

  /** The attempts made so far, in order. */
  public List<AttemptRecord> attempts() {
    return made.stream().map(Made::attempt).toList();
  }

  /** The keys that were passed over since they are set aside, in order. */
  public List<SkipRecord> skips() {
    return List.copyOf(skips);
  }

  /**
   * What the answer took; of a streamed one known only when it has ended. Null where nothing is
   * known, or nobody asked to have it counted.
   */
  public @Nullable TokenCount tokens() {
    return tokens;
  }

  /** Why no attempt was answered as asked, or none was made; null where one was. */
  public @Nullable Refusal error() {
    return error;
  }

  @Override
  public Routed routed() {
    return RoutedStory.of(this);
  }

  /** Whether a provider gave the answer that was asked for. */
  public boolean isSuccess() {
    return !made.isEmpty() && made.getLast().attempt().isSuccess();
  }

  List<Selection.ModelSelection> selections() {
    return selections;
  }

  List<Selection.KeySelection> keySelections(String providerId) {
    return keySelections.getOrDefault(providerId, List.of());
  }

  int attemptCount() {
    return made.size();
  }

  List<Made> made() {
    return made;
  }

  /** The same as {@link #skips}, for a moment and without a copy. */
  List<SkipRecord> skipped() {
    return skips;
  }

  Exchange exchange() {
    return exchange;
  }

  List<String> names() {
    return names;
  }

  // The map that policies read.

  @Override
  public @Nullable Object get(@Nullable Object name) {
    return name instanceof String field ? StoryFields.of(this, field) : null;
  }

  @Override
  public boolean containsKey(@Nullable Object name) {
    return get(name) != null;
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (String name : StoryFields.NAMES) {
      Object value = StoryFields.of(this, name);
      if (value != null) {
        fields.put(name, value);
      }
    }
    return fields.entrySet();
  }
}
