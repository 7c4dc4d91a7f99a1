package dev.keygate.sim;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/** One request from its head to its answer. Owned by the connection's event loop. */
final class SimulatorRequest {

  private static final int MAX_BODY_BYTES = 64 * 1024 * 1024;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Vertx vertx;
  private final SimulatorState state;
  private final HttpServerRequest request;
  private final long number;
  private final Buffer body = Buffer.buffer();
  private @Nullable ReceivedRequest received;
  private @Nullable AnswerWriter writer;

  SimulatorRequest(Vertx vertx, SimulatorState state, HttpServerRequest request) {
    this.vertx = vertx;
    this.state = state;
    this.request = request;
    number = state.count().incrementAndGet();
  }

  void serve() {
    request.response().closeHandler(_ -> clientWentAway());
    request.handler(this::read);
    request.endHandler(_ -> answer());
  }

  private void read(Buffer part) {
    if (body.length() + part.length() > MAX_BODY_BYTES) {
      request.response().setStatusCode(413).end().onComplete(_ -> request.connection().close());
    } else {
      body.appendBuffer(part);
    }
  }

  private void clientWentAway() {
    boolean brokenOffHere = writer != null && writer.endedByFault();
    if (state.log().records() && !brokenOffHere && !request.response().ended()) {
      state.log().cancel(record());
    }
  }

  private ReceivedRequest record() {
    if (received == null) {
      received = state.received(number, request, body);
      state.log().add(received);
    }
    return received;
  }

  private void answer() {
    if (request.response().ended()) {
      return;
    }
    if (state.log().records()) {
      record();
    }
    JsonNode json = json();
    String model = model(json);
    Faults faults;
    try {
      faults = Faults.of(model, header("x-sim-fault"));
    } catch (UnknownFaultException e) {
      write(VendorError.OPENAI.answer(400, String.valueOf(e.getMessage())), Faults.NONE);
      return;
    }
    long now = state.settings().clock().instant().getEpochSecond();
    write(
        SimulatorRoutes.answer(
            new Call(
                number,
                request.method().name(),
                route(request.path()),
                request.headers(),
                body,
                json,
                model,
                faults,
                now)),
        faults);
  }

  private void write(Answer answer, Faults faults) {
    VendorHeaders.of(number).forEach(request.response()::putHeader);
    writer = new AnswerWriter(vertx, request, faults);
    writer.write(answer);
  }

  private String header(String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }

  private JsonNode json() {
    try {
      JsonNode json =
          body.length() == 0 ? MissingNode.getInstance() : JSON.readTree(body.getBytes());
      return json.isObject() ? json : MissingNode.getInstance();
    } catch (JacksonException _) {
      // No JSON, such as a multipart form: the route says whether that is wrong.
      return MissingNode.getInstance();
    }
  }

  private String model(JsonNode json) {
    return json.isMissingNode()
        ? MultipartModel.of(header("content-type"), body)
        : json.path("model").stringValue("");
  }

  /** What follows {@code /v1/} or, as Google has it, {@code /openai/}; empty for other paths. */
  private static String route(String path) {
    for (String base : new String[] {"/v1/", "/openai/"}) {
      int at = path.lastIndexOf(base);
      if (at >= 0) {
        return path.substring(at + base.length());
      }
    }
    return "";
  }
}
