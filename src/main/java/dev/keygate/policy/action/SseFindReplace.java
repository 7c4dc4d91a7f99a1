package dev.keygate.policy.action;

import static dev.keygate.policy.document.Phase.ON_EVENT_STREAM_MESSAGE;

import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Outcome;
import dev.keygate.exchange.Response;
import dev.keygate.exchange.ResponseBody;
import dev.keygate.policy.Action;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.ActionType;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.document.Phase;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * {@code sse-find-replace}: changes the events of a stream as they pass. The expressions of the
 * rule and of the replacements are evaluated once, when the stream begins: nothing they read
 * changes while it lasts.
 */
public final class SseFindReplace implements ActionType<SseFindReplace.Config> {
  private static final Set<String> FIELDS = Set.of("data", "retry");

  /** What {@code sse-find-replace} is configured with. */
  public record Config(
      @Setting(
              value =
                  "Applied in order to each event by itself. Words that a model sends in pieces are"
                      + " in several events and not found.",
              atLeast = "1",
              atMost = "64")
          List<Replacement> replacements) {}

  /** One replacement. */
  public record Replacement(
      @Setting(value = "The field it is about: `data` or `retry`.", defaultsTo = "data")
          Template field,
      @Setting("What is replaced, everywhere it matches: an RE2 regular expression.") Template from,
      @Setting(
              value =
                  "What stands in its place. `$1` is what the first group matched, `$$` a dollar"
                      + " sign. Left out, matches are deleted.",
              defaultsTo = "''")
          Template to) {}

  @Override
  public String name() {
    return "sse-find-replace";
  }

  @Override
  public Set<Phase> phases() {
    return EnumSet.of(ON_EVENT_STREAM_MESSAGE);
  }

  @Override
  public Ending ending() {
    return Ending.NEVER;
  }

  @Override
  public Class<Config> config() {
    return Config.class;
  }

  @Override
  public boolean readsResponseBody() {
    return true;
  }

  @Override
  public Action compile(Config config, ActionContext context) {
    List<Regex> patterns = new ArrayList<>();
    for (Replacement replacement : config.replacements()) {
      String field = replacement.field().constant();
      if (field != null && !FIELDS.contains(field)) {
        context.error("replacements", "field '" + field + "': expected data or retry");
      }
      patterns.add(Regex.compile(replacement.from(), "replacements", context));
    }
    return exchange -> {
      Response response = Messages.response(exchange);
      if (!Codings.of(response.headers()).isEmpty()) {
        throw new EvaluationException("sse-find-replace: an encoded event stream");
      }
      response.headers().remove("content-length");
      EventStreamChange change =
          new EventStreamChange(changes(config.replacements(), patterns, exchange));
      exchange.response(
          new Response(response.status(), response.headers(), changed(response.body(), change)));
      return Outcome.CONTINUE;
    };
  }

  private static ResponseBody changed(ResponseBody body, EventStreamChange change) {
    return switch (body) {
      case ResponseBody.Whole whole -> {
        Buffer changed = Buffer.buffer().appendBuffer(change.next(whole.bytes()));
        yield new ResponseBody.Whole(changed.appendBuffer(change.last()));
      }
      case ResponseBody.Streamed streamed ->
          new ResponseBody.Streamed(
              new ChangedStream(streamed.source(), change), -1, streamed.cancel());
    };
  }

  private static List<EventStreamChange.FieldChange> changes(
      List<Replacement> replacements, List<Regex> patterns, Exchange exchange) {
    List<EventStreamChange.FieldChange> changes = new ArrayList<>();
    List<Map<String, Object>> published = new ArrayList<>();
    for (int at = 0; at < replacements.size(); at++) {
      Replacement replacement = replacements.get(at);
      String field = replacement.field().render(exchange);
      if (!FIELDS.contains(field)) {
        throw new EvaluationException("sse-find-replace: a field other than data or retry");
      }
      Substitution substitution =
          Substitution.of(
              patterns.get(at).pattern(exchange), replacement.to(), exchange, text -> text);
      changes.add(
          new EventStreamChange.FieldChange(field, text -> substitution.apply(text, match -> {})));
      published.add(Map.of("replacement_index", at));
    }
    Messages.publish(exchange, "sse_find_replace", Map.of("replacements", published));
    return changes;
  }
}
