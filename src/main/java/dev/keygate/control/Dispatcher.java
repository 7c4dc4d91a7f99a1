package dev.keygate.control;

import dev.keygate.policy.document.Nearest;
import dev.keygate.secret.NoMasterKeyException;
import dev.keygate.store.ManagementKeyRow;
import dev.keygate.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/**
 * From a call as it arrived to its answer: know the caller, find the operation, check what was
 * sent, run it. Blocking; called on virtual threads, many at a time.
 */
final class Dispatcher {
  private static final Set<String> VERSIONS = Set.of("2");

  private final Map<String, Operation> operations = new LinkedHashMap<>();
  private final Map<String, Resource<?>> resources = new HashMap<>();
  private final Map<String, Action> actions = new HashMap<>();
  private final Set<String> collections = new TreeSet<>();
  private final VaultSecrets secrets;
  private final Requests requests = new Requests();
  private final Usage usage;
  private final GatewayKeys gatewayKeys;
  private final PolicyCheck policyCheck;
  private final ModelList models;
  private final Authentication authentication;
  private final CallLimit limit;
  private final Crud crud;
  private final Lists lists;
  private final InstantSource clock;

  Dispatcher(Contract contract, ControlParts parts, ControlLimits limits) {
    for (Operation operation : contract.operations()) {
      operations.put(
          key(operation.method(), operation.collection(), operation.isOnItem(), operation.action()),
          operation);
      collections.add(operation.collection());
    }
    ProviderKeys providerKeys =
        new ProviderKeys(
            parts.identifiers(),
            parts.envelope(),
            parts.isKnownProvider(),
            parts.models()::whySetAside);
    IpPolicyRules ipPolicyRules = new IpPolicyRules(parts.identifiers());
    gatewayKeys = new GatewayKeys(parts.identifiers(), parts.policies(), providerKeys);
    ManagementKeys managementKeys = new ManagementKeys(parts.identifiers());
    RetiredTokenList retiredTokens = new RetiredTokenList();
    secrets = new VaultSecrets(parts.identifiers(), parts.envelope());
    List<Resource<?>> all =
        List.of(
            gatewayKeys,
            providerKeys,
            retiredTokens,
            new Endpoints(parts.identifiers(), parts.policies()),
            new Vaults(parts.identifiers()),
            secrets,
            new IpPolicies(parts.identifiers(), ipPolicyRules),
            ipPolicyRules,
            managementKeys,
            requests,
            new AuditEvents());
    Leaks leaks = new Leaks(gatewayKeys, managementKeys, retiredTokens);
    actions.put("ai_gateway_api_keys.rotate", gatewayKeys.rotation()::rotate);
    actions.put("ai_gateway_api_keys.end_grace", gatewayKeys.rotation()::endGrace);
    actions.put(Leaks.REPORT, leaks::report);
    all.forEach(resource -> resources.put(resource.collection(), resource));
    usage = new Usage(parts.store());
    policyCheck = new PolicyCheck(parts.policies());
    models = new ModelList(parts.models());
    authentication = new Authentication(parts.store());
    limit = new CallLimit(limits.callsPerMinute());
    crud = new Crud(parts.store(), parts.identifiers(), parts.publisher());
    lists = new Lists(parts.store(), limits.rowsPerFilter());
    clock = parts.clock();
  }

  /**
   * The answer to a call.
   *
   * @throws ApiError when it is refused
   */
  Answer answer(Request request) {
    return answer(request, () -> authentication.authenticate(request.headers("authorization")));
  }

  /**
   * The answer to a call of somebody known in another way.
   *
   * @throws ApiError when it is refused
   */
  Answer answer(Request request, Supplier<ManagementKeyRow> caller) {
    try {
      return checked(request, caller);
    } catch (StoreException e) {
      throw ApiError.of(
              ErrorCode.STORE_AWAY,
              request.method().equals("GET")
                  ? "The database does not answer. Try again shortly."
                  : "The database does not answer, so that a change may or may not be saved. Look"
                      + " before you repeat it.")
          .retryAfter(1);
    } catch (NoMasterKeyException e) {
      throw ApiError.of(ErrorCode.NO_MASTER_KEY, "Nothing was stored: " + e.getMessage() + '.')
          .retryAfter(1);
    }
  }

  private Answer checked(Request request, Supplier<ManagementKeyRow> caller) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    // Who calls comes first: a stranger learns nothing, not even which paths there are, and has
    // no body read.
    ManagementKeyRow actor = caller.get();
    limit.count(actor.id(), now);
    checkVersion(request);
    String[] segments = request.path().substring(1).split("/", -1);
    Operation operation = operation(request, segments);
    if (!Role.of(actor.role()).includes(operation.role())) {
      throw ApiError.of(
          ErrorCode.ROLE,
          "This management API key has the role %s; %s needs %s."
              .formatted(actor.role(), operation.id(), operation.role()));
    }
    Map<String, String> query = Query.read(request.rawQuery(), operation.query());
    byte[] body = operation.hasBody() ? body(request) : new byte[0];
    ObjectNode fields =
        operation.hasBody()
            ? BodyCheck.read(operation, body, FieldCodes.of(operation.collection()))
            : Json.object();
    return run(
        new Call(
            operation,
            actor,
            operation.isOnItem() ? segments[1] : "",
            query,
            request.rawQuery(),
            fields,
            ticket(request, operation, actor, body),
            now));
  }

  private Answer run(Call call) {
    Action action = actions.get(call.operation().id());
    if (action != null) {
      return crud.act(action, call);
    }
    return switch (call.operation().id()) {
      case "vaults.list_secrets" -> lists.list(secrets, call, secrets.ofVault(call.id()));
      case "vaults.create_secret" -> crud.create(secrets, VaultSecrets.intoVault(call));
      case "requests.list" -> lists.list(requests, call, requests.asked(call));
      case Usage.LIST -> usage.list(call);
      case Usage.OVERVIEW -> usage.overview(call);
      case "ai_gateway_api_keys.list" -> lists.list(gatewayKeys, call, gatewayKeys.found(call));
      case PolicyCheck.OPERATION -> policyCheck.answer(call);
      case PolicyCheck.TESTS -> policyCheck.test(call);
      case PolicyCheck.SCHEMA -> policyCheck.schema();
      case ModelList.OPERATION -> models.answer();
      default -> runOnResource(call);
    };
  }

  private Answer runOnResource(Call call) {
    Resource<?> resource = resources.get(call.operation().collection());
    if (resource == null) {
      throw new IllegalStateException("no resource for " + call.operation().id());
    }
    return switch (call.operation().method()) {
      case "GET" ->
          call.operation().isOnItem() ? crud.get(resource, call) : lists.list(resource, call);
      case "POST" -> crud.create(resource, call);
      case "PATCH" -> crud.update(resource, call);
      case "DELETE" -> crud.delete(resource, call);
      default -> throw new IllegalStateException("the contract has no such method");
    };
  }

  private static byte[] body(Request request) {
    for (String type : request.headers("content-type")) {
      String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (!media.equals("application/json") && !media.endsWith("+json")) {
        throw ApiError.of(
            ErrorCode.CONTENT_TYPE, "Content-Type: '" + type + "', expected application/json");
      }
    }
    if (!request.headers("content-encoding").isEmpty()) {
      throw ApiError.of(ErrorCode.CONTENT_TYPE, "Content-Encoding: expected none");
    }
    return request.body();
  }

  private static Optional<Idempotency.Ticket> ticket(
      Request request, Operation operation, ManagementKeyRow actor, byte[] body) {
    List<String> keys = request.headers("idempotency-key");
    if (keys.isEmpty() || !operation.method().equals("POST")) {
      return Optional.empty();
    }
    if (keys.size() > 1) {
      throw ApiError.of(
          ErrorCode.INVALID_IDEMPOTENCY_KEY, "Idempotency-Key: expected one, not several");
    }
    return Optional.of(Idempotency.Ticket.of(actor.id(), keys.getFirst(), request, body));
  }

  private Operation operation(Request request, String[] segments) {
    boolean onItem = segments.length > 1;
    String action = segments.length > 2 ? segments[2] : "";
    List<Operation> there =
        segments.length > 3
                || segments[segments.length - 1].isEmpty()
                || (onItem && segments[1].isEmpty())
            ? List.of()
            : operations.values().stream()
                .filter(any -> any.isAt(segments[0], onItem, action))
                .toList();
    if (there.isEmpty()) {
      throw ApiError.of(
          ErrorCode.NOT_FOUND,
          "Nothing is at %s, see /openapi.yaml; %s"
              .formatted(request.path(), Nearest.hint(segments[0], collections)));
    }
    Operation operation = operations.get(key(request.method(), segments[0], onItem, action));
    if (operation == null) {
      String allowed = String.join(", ", there.stream().map(Operation::method).toList());
      throw ApiError.of(
              ErrorCode.METHOD_NOT_ALLOWED,
              "%s is not possible on %s, only %s"
                  .formatted(request.method(), request.path(), allowed))
          .withHeader("allow", allowed);
    }
    return operation;
  }

  private static void checkVersion(Request request) {
    for (String version : request.headers("ngrok-version")) {
      if (!VERSIONS.contains(version)) {
        throw ApiError.of(
            ErrorCode.UNKNOWN_VERSION,
            "Ngrok-Version: '" + version + "', expected 2 or no such header");
      }
    }
  }

  private static String key(String method, String collection, boolean onItem, String action) {
    return method + " " + collection + (onItem ? "/{id}/" + action : "");
  }
}
