package dev.keygate.control;

import dev.keygate.store.ManagementKeyRow;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code /ui/}: a page that works by the control API, and the session that stands for a management
 * key in a browser. The cookie is known below {@code /ui/} alone, and {@code /ui/api/} is the API
 * for who has it; at the root there are bearer tokens only. Blocking; called on virtual threads.
 */
final class Dashboard {
  private static final String ROOT = "/ui/";
  private static final String API = ROOT + "api/";
  private static final String ASSETS = ROOT + "assets/";
  private static final String COOKIE = "keygate_session";
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
          + "img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

  private final Contract contract;
  private final Dispatcher dispatcher;
  private final ControlParts parts;
  private final Authentication authentication;
  private final DashboardAssets assets = DashboardAssets.load();
  private final DashboardSessions sessions = new DashboardSessions();

  Dashboard(Contract contract, Dispatcher dispatcher, ControlParts parts) {
    this.contract = contract;
    this.dispatcher = dispatcher;
    this.parts = parts;
    this.authentication = new Authentication(parts.store());
  }

  /**
   * What the dashboard answers; empty when the call is none of its own.
   *
   * @param base scheme and host that this listener is known by to the caller
   * @throws ApiError when it is refused
   */
  Optional<Reply> answer(Request request, String base) {
    String path = request.path();
    if (path.equals("/ui") || (path.equals("/") && isForPeople(request))) {
      return Optional.of(new Reply(302, "", Map.of("location", ROOT)));
    }
    if (!path.startsWith(ROOT)) {
      return Optional.empty();
    }
    return Optional.of(guarded(path.startsWith(API) ? api(request, base) : own(request, base)));
  }

  /** A browser that was typed the bare address; programs that call the root get the API's word. */
  private static boolean isForPeople(Request request) {
    return request.method().equals("GET")
        && request.headers("authorization").isEmpty()
        && request.headers("accept").stream().anyMatch(types -> types.contains("text/html"));
  }

  private Reply own(Request request, String base) {
    String path = request.path();
    if (path.equals(ROOT + "session")) {
      SameOrigin.check(request, base);
      return switch (request.method()) {
        case "GET" -> session(request);
        case "POST" -> signIn(request, base);
        case "DELETE" -> signOut(request, base);
        default -> throw notAllowed("GET, POST, DELETE");
      };
    }
    if (!request.method().equals("GET")) {
      throw notAllowed("GET");
    }
    if (path.equals(ROOT)) {
      return page(request);
    }
    Optional<Reply> file =
        path.startsWith(ASSETS) ? assets.file(path.substring(ASSETS.length())) : Optional.empty();
    return file.map(found -> with(found, "cache-control", "public, max-age=31536000, immutable"))
        .orElseGet(() -> Reply.text(404, "Nothing is here. The dashboard is at " + ROOT + "\n"));
  }

  private Reply page(Request request) {
    String tag = "\"" + assets.hash() + "\"";
    Reply reply =
        request.headers("if-none-match").contains(tag)
            ? new Reply(304, "", Map.of())
            : Reply.of(200, "text/html; charset=utf-8", assets.page());
    return with(with(reply, "etag", tag), "cache-control", "no-cache");
  }

  private Reply api(Request request, String base) {
    SameOrigin.check(request, base);
    Answer answer = dispatcher.answer(new SessionCall(request), () -> caller(request));
    Links.makeAbsolute(answer.body(), base);
    return Reply.of(answer);
  }

  /** Who is signed in; that nobody is, is no error. */
  private Reply session(Request request) {
    ObjectNode shown = Json.object();
    try {
      describe(caller(request), shown);
    } catch (ApiError e) {
      if (e.code() != ErrorCode.NO_SESSION) {
        throw e;
      }
      shown.put("signed_in", false);
    }
    return Reply.of(Answer.ok(shown));
  }

  private Reply signIn(Request request, String base) {
    ManagementKeyRow key = authentication.authenticate(request.headers("authorization"));
    name(request).ifPresent(sessions::end);
    String name = sessions.open(key, parts.clock().instant());
    ObjectNode shown = Json.object();
    describe(key, shown);
    return with(
        Reply.of(Answer.ok(shown)),
        "set-cookie",
        cookie(name, DashboardSessions.LONGEST.toSeconds(), base));
  }

  private Reply signOut(Request request, String base) {
    name(request).ifPresent(sessions::end);
    return with(Reply.of(Answer.deleted()), "set-cookie", cookie("", 0, base));
  }

  private void describe(ManagementKeyRow key, ObjectNode shown) {
    shown.put("signed_in", true);
    shown.put("key_id", key.id());
    shown.put("description", key.description());
    shown.put("role", key.role());
    shown.put("gateway_url", parts.gatewayUrl());
    ArrayNode operations = shown.putArray("operations");
    contract.operations().stream()
        .filter(operation -> Role.of(key.role()).includes(operation.role()))
        .forEach(operation -> operations.add(operation.id()));
  }

  /** The management key of the session, asked of the store each time, as for bearer tokens. */
  private ManagementKeyRow caller(Request request) {
    Instant now = parts.clock().instant();
    String name = name(request).orElseThrow(Dashboard::noSession);
    DashboardSessions.Session session = sessions.use(name, now).orElseThrow(Dashboard::noSession);
    return parts
        .store()
        .read(tables -> tables.managementKeys().find(session.keyId()))
        .filter(session::isOf)
        .orElseThrow(() -> {
          sessions.end(name);
          return noSession();
        });
  }

  private static Optional<String> name(Request request) {
    for (String line : request.headers("cookie")) {
      for (String pair : line.split(";", -1)) {
        String[] parts = pair.strip().split("=", 2);
        if (parts.length == 2 && parts[0].equals(COOKIE) && !parts[1].isEmpty()) {
          return Optional.of(parts[1]);
        }
      }
    }
    return Optional.empty();
  }

  private static String cookie(String name, long seconds, String base) {
    return COOKIE
        + "="
        + name
        + "; Path="
        + ROOT
        + "; Max-Age="
        + seconds
        + "; HttpOnly; SameSite=Strict"
        + (base.startsWith("https:") ? "; Secure" : "");
  }

  private static ApiError noSession() {
    return ApiError.of(
        ErrorCode.NO_SESSION, "You are not signed in, or no longer: the session is over.");
  }

  private static ApiError notAllowed(String allowed) {
    return ApiError.of(ErrorCode.METHOD_NOT_ALLOWED, "Only " + allowed + " is possible here.")
        .withHeader("allow", allowed);
  }

  private static Reply guarded(Reply reply) {
    Reply guarded = with(reply, "content-security-policy", POLICY);
    guarded = with(guarded, "referrer-policy", "no-referrer");
    guarded = with(guarded, "cross-origin-opener-policy", "same-origin");
    return with(guarded, "cross-origin-resource-policy", "same-origin");
  }

  private static Reply with(Reply reply, String name, String value) {
    Map<String, String> headers = new TreeMap<>(reply.headers());
    headers.put(name, value);
    return new Reply(reply.status(), reply.body(), headers);
  }

  /** The call of the API that is meant; who makes it, the session says, and nothing else does. */
  private record SessionCall(Request request) implements Request {
    @Override
    public String method() {
      return request.method();
    }

    @Override
    public String path() {
      return request.path().substring(API.length() - 1);
    }

    @Override
    public String rawQuery() {
      return request.rawQuery();
    }

    @Override
    public List<String> headers(String name) {
      // Repeats are kept under the bearer token, which is not here.
      boolean withheld =
          name.equalsIgnoreCase("authorization") || name.equalsIgnoreCase("idempotency-key");
      return withheld ? List.of() : request.headers(name);
    }

    @Override
    public byte[] body() {
      return request.body();
    }
  }
}
