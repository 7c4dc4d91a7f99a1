package dev.keygate.exchange;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.key.GatewayKey;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One request as every part of the data plane sees it. It belongs to the event loop of its
 * connection; nothing else may touch it. Fields are set in the order of the request's way: head,
 * endpoint, key, body, and what the rules add.
 */
public final class Exchange {
  /** As many as a key's limit and one of the policy make. */
  private static final int USUAL_ANSWER_HEADERS = 5;

  /** Never written to. One for all: making a buffer took a hundredth of a request. */
  private static final Buffer NO_BODY = Buffer.buffer(0);

  private final String requestId;
  private final ClientConnection connection;
  private final String method;
  private final String authority;
  private final String httpVersion;
  private final MultiMap headers;
  private final long startNanos;

  private String path;
  private @Nullable String query;
  private @Nullable Surface surface;
  private @Nullable Endpoint endpoint;
  private @Nullable GatewayKey key;
  private Buffer body = NO_BODY;
  private BodyRoom bodyRoom = bytes -> true;
  private @Nullable Response response;
  private List<AnswerHeader> answerHeaders = List.of();
  private @Nullable String acceptEncoding;
  private @Nullable List<IntConsumer> answerWatchers;
  private @Nullable Map<String, Object> vars;
  private @Nullable Map<String, Object> results;
  private @Nullable Runnable stop;
  private @Nullable Runnable finishing;
  private boolean abandoned;

  /**
   * The exchange of a request whose head has been read.
   *
   * @param requestId {@code req_…}, on the answer as {@code x-request-id}
   * @param head what the client sent, with the credential headers still in it
   * @param startNanos {@link System#nanoTime} when the head was complete
   */
  public Exchange(
      String requestId, ClientConnection connection, RequestHead head, long startNanos) {
    this.requestId = requestId;
    this.connection = connection;
    this.method = head.method();
    this.authority = head.authority();
    this.httpVersion = head.httpVersion();
    this.headers = head.headers();
    this.path = head.path();
    this.query = head.query();
    this.surface = Surface.ofPath(path);
    this.startNanos = startNanos;
  }

  public String requestId() {
    return requestId;
  }

  public ClientConnection connection() {
    return connection;
  }

  /** Upper-case method as sent. */
  public String method() {
    return method;
  }

  /** Host and, when the client sent one, port. */
  public String authority() {
    return authority;
  }

  /** {@code HTTP/1.1} or {@code HTTP/2.0}. */
  public String httpVersion() {
    return httpVersion;
  }

  /**
   * Case-insensitive, mutable by rules; credentials included, so never logged or forwarded whole.
   */
  public MultiMap headers() {
    return headers;
  }

  /** Raw path, not percent-decoded. */
  public String path() {
    return path;
  }

  /** Raw query without the question mark, or null when there was no question mark. */
  public @Nullable String query() {
    return query;
  }

  /** Points the request elsewhere, as the {@code url-rewrite} action does. */
  public void rewrite(String newPath, @Nullable String newQuery) {
    path = newPath;
    query = newQuery;
    surface = Surface.ofPath(newPath);
  }

  /** The API shape the client speaks, or null when the path belongs to none. */
  public @Nullable Surface surface() {
    return surface;
  }

  /**
   * The vendor whose shapes the client expects. Models are listed by both under one path: who says
   * a version of Anthropic's API wants theirs.
   */
  public Format format() {
    if (surface == null) {
      return Format.OPENAI;
    }
    return surface == Surface.MODELS && headers.contains("anthropic-version")
        ? Format.ANTHROPIC
        : surface.format();
  }

  public @Nullable Endpoint endpoint() {
    return endpoint;
  }

  public void endpoint(Endpoint chosen) {
    endpoint = chosen;
  }

  /** The gateway key the request was let in with; null where the endpoint asks for none. */
  public @Nullable GatewayKey key() {
    return key;
  }

  public void key(GatewayKey checked) {
    key = checked;
  }

  /** The whole body, read before the rules run. */
  public Buffer body() {
    return body;
  }

  public void body(Buffer whole) {
    body = whole;
  }

  /** The memory that the bodies of all requests and answers may take together, as one sees it. */
  @FunctionalInterface
  public interface BodyRoom {
    /** Takes room until the request ends; false, and nothing taken, when it is not there. */
    boolean take(long bytes);
  }

  public void bodyRoom(BodyRoom room) {
    bodyRoom = room;
  }

  /** Where room is taken for what is held of this request and of its answer. */
  public BodyRoom bodyRoom() {
    return bodyRoom;
  }

  /**
   * Puts another body in the place of the one that was read.
   *
   * @return false, and nothing done, when there is no room for what it is longer
   */
  public boolean replaceBody(Buffer other) {
    int more = other.length() - body.length();
    if (more > 0 && !bodyRoom.take(more)) {
      return false;
    }
    body = other;
    return true;
  }

  /** The answer that response rules run on; null until there is one. */
  public @Nullable Response response() {
    return response;
  }

  public void response(Response current) {
    response = current;
  }

  /** One line of an answer's head. */
  public record AnswerHeader(CharSequence name, CharSequence value) {}

  /**
   * Lines that every answer to this request carries, a refusal too, in place of those of the same
   * names in the answer.
   */
  public List<AnswerHeader> answerHeaders() {
    return answerHeaders;
  }

  /** Adds a line to what every answer to this request carries. */
  public void addAnswerHeader(CharSequence name, CharSequence value) {
    if (answerHeaders.isEmpty()) {
      answerHeaders = new ArrayList<>(USUAL_ANSWER_HEADERS);
    }
    answerHeaders.add(new AnswerHeader(name, value));
  }

  /** What the client takes its answer encoded in; null when it did not say. */
  public @Nullable String acceptEncoding() {
    return acceptEncoding == null ? headers.get("accept-encoding") : acceptEncoding;
  }

  /** Has the provider asked for plain bytes, because rules will read them. */
  public void askUnencoded() {
    String accepted = acceptEncoding();
    acceptEncoding = accepted == null ? "" : accepted;
    headers.set("accept-encoding", "identity");
  }

  /** Has a rule told of the answer's status as soon as there is an answer. */
  public void watchAnswer(IntConsumer status) {
    if (answerWatchers == null) {
      answerWatchers = new ArrayList<>(1);
    }
    answerWatchers.add(status);
  }

  /** Tells those who watch; called once, at the end of the request phase. */
  public void answered(int status) {
    if (answerWatchers != null) {
      answerWatchers.forEach(watcher -> watcher.accept(status));
      answerWatchers = null;
    }
  }

  /** Forgets what {@code set-vars} stored. */
  public void clearVars() {
    if (vars != null) {
      vars.clear();
    }
  }

  /** What {@code set-vars} stored, by name. */
  public Map<String, Object> vars() {
    if (vars == null) {
      vars = new LinkedHashMap<>();
    }
    return vars;
  }

  /** Action results under their name in {@code actions.ngrok}, for example {@code rate_limit}. */
  public Map<String, Object> results() {
    if (results == null) {
      results = LinkedHashMap.newLinkedHashMap(3); // for more it grows; most policies have fewer
    }
    return results;
  }

  /** One of {@link #results}, or null. */
  public @Nullable Object result(String name) {
    return results == null ? null : results.get(name);
  }

  /**
   * Says how to stop what this exchange now waits for, in place of what was said before. Runs at
   * once when the client is gone already.
   */
  public void onAbandon(Runnable howToStop) {
    stop = howToStop;
    if (abandoned) {
      howToStop.run();
    }
  }

  /**
   * The client went away before its answer began: what the exchange waits for is stopped. Called by
   * the listener, on the event loop; a second call does nothing.
   */
  public void abandon() {
    if (!abandoned) {
      abandoned = true;
      if (stop != null) {
        stop.run();
      }
    }
  }

  /** Has something done when the request has ended, however it ended. */
  public void onFinished(Runnable action) {
    Runnable before = finishing;
    finishing =
        before == null
            ? action
            : () -> {
              before.run();
              action.run();
            };
  }

  /** The request has ended. Called by the listener, on the event loop; does nothing twice. */
  public void finished() {
    Runnable actions = finishing;
    finishing = null;
    if (actions != null) {
      actions.run();
    }
  }

  /** Whether the client went away before its answer began. */
  public boolean isAbandoned() {
    return abandoned;
  }

  /** {@link System#nanoTime} when the request's head was complete. */
  public long startNanos() {
    return startNanos;
  }

  /** Says which request, and nothing of what is in it. */
  @Override
  public String toString() {
    return "Exchange[" + requestId + ' ' + method + ']';
  }
}
