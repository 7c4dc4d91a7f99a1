package dev.keygate.control;

import dev.keygate.policy.document.Nearest;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.StoreException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/**
 * From a call as it arrived to its answer: find the operation, know the caller, check what was
 * sent, run it. Blocking; called on virtual threads, many at a time.
 */
final class Dispatcher {
  private static final int MAX_QUERY_PARAMETERS = 16;
  private static final Set<String> VERSIONS = Set.of("2");

  private final Map<String, Operation> operations = new HashMap<>();
  private final Map<String, Resource<?>> resources = new LinkedHashMap<>();
  private final Authentication authentication;
  private final CallLimit limit = new CallLimit();
  private final Idempotency idempotency;
  private final Crud crud;
  private final InstantSource clock;

  Dispatcher(Contract contract, ControlParts parts) {
    for (Operation operation : contract.operations()) {
      operations.put(
          key(operation.method(), operation.collection(), operation.isOnItem()), operation);
    }
    ProviderKeys providerKeys =
        new ProviderKeys(parts.identifiers(), parts.envelope(), parts.isKnownProvider());
    List<Resource<?>> all =
        List.of(
            new GatewayKeys(parts.identifiers(), parts.policies(), providerKeys),
            providerKeys,
            new Endpoints(parts.identifiers(), parts.policies()),
            new ManagementKeys(parts.identifiers()));
    all.forEach(resource -> resources.put(resource.collection(), resource));
    authentication = new Authentication(parts.store());
    idempotency = new Idempotency(parts.store());
    crud = new Crud(parts.store(), parts.identifiers(), parts.publisher());
    clock = parts.clock();
  }

  /**
   * The answer to a call.
   *
   * @throws ApiError when it is refused
   */
  Answer answer(Request request) {
    try {
      return checked(request);
    } catch (StoreException e) {
      throw ApiError.of(
          503, "ERR_KEYGATE_STORE_AWAY", "The database does not answer. Try again shortly.");
    }
  }

  private Answer checked(Request request) {
    Instant now = clock.instant();
    // Who calls comes first: a stranger learns nothing, not even which paths there are.
    ManagementKeyRow actor = authentication.authenticate(request.authorization().orElse(null));
    limit.count(actor.id(), now);
    request.version().ifPresent(Dispatcher::checkVersion);
    String[] segments = request.path().substring(1).split("/", -1);
    Operation operation = operation(request, segments);
    if (!Role.of(actor.role()).includes(operation.role())) {
      throw ApiError.of(
          403,
          "ERR_KEYGATE_ROLE",
          "This management API key has the role %s; %s needs %s."
              .formatted(actor.role(), operation.id(), operation.role()));
    }
    Map<String, String> query = query(request.rawQuery(), operation.query());
    ObjectNode body =
        operation.hasBody()
            ? BodyCheck.read(operation, request.body(), FieldCodes.of(operation.collection()))
            : Json.object();
    Call call =
        new Call(
            operation,
            actor,
            operation.isOnItem() ? segments[1] : "",
            query,
            request.rawQuery(),
            body,
            request.baseUrl(),
            now);
    return run(request, call);
  }

  private Answer run(Request request, Call call) {
    Resource<?> resource = resources.get(call.operation().collection());
    if (resource == null) {
      throw new IllegalStateException("no resource for " + call.operation().id());
    }
    String key = request.idempotencyKey().orElse("");
    return key.isEmpty() || !call.operation().method().equals("POST")
        ? crud.run(resource, call)
        : idempotency.once(call, key, request.body(), () -> crud.run(resource, call));
  }

  private Operation operation(Request request, String[] segments) {
    boolean onItem = segments.length == 2 && !segments[1].isEmpty();
    boolean known = resources.containsKey(segments[0]) && (segments.length == 1 || onItem);
    if (!known) {
      throw ApiError.of(
          404,
          "ERR_KEYGATE_NOT_FOUND",
          "Nothing is at %s; %s. See /openapi.yaml."
              .formatted(request.path(), Nearest.hint(segments[0], resources.keySet())));
    }
    Operation operation = operations.get(key(request.method(), segments[0], onItem));
    if (operation == null) {
      throw ApiError.of(
          405,
          "ERR_KEYGATE_METHOD_NOT_ALLOWED",
          "%s is not possible on %s.".formatted(request.method(), request.path()));
    }
    return operation;
  }

  private static void checkVersion(String version) {
    if (!VERSIONS.contains(version)) {
      throw ApiError.of(
          400, "ERR_NGROK_217", "Ngrok-Version: '" + version + "', expected 2 or no such header");
    }
  }

  private static Map<String, String> query(String rawQuery, Set<String> known) {
    Map<String, String> query = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    if (rawQuery.isEmpty()) {
      return query;
    }
    String[] pairs = rawQuery.split("&", MAX_QUERY_PARAMETERS + 1);
    for (String pair : pairs) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        unknown.add(name);
      } else if (query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
        throw ApiError.of(400, "ERR_NGROK_232", name + ": given more than once");
      }
    }
    if (!unknown.isEmpty()) {
      throw ApiError.of(
          400,
          "ERR_NGROK_231",
          "Unknown query parameter '%s'; %s."
              .formatted(
                  unknown.getFirst(), Nearest.hint(unknown.getFirst(), new TreeSet<>(known))));
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw ApiError.of(400, "ERR_NGROK_230", "The query is not valid: a broken % escape.");
    }
  }

  private static String key(String method, String collection, boolean onItem) {
    return method + " " + collection + (onItem ? "/{id}" : "");
  }
}
