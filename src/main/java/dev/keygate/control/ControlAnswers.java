package dev.keygate.control;

import java.util.Optional;
import java.util.function.Supplier;

/** What is answered on the control listener: the contract's operations, the dashboard, metrics. */
final class ControlAnswers {
  private final Contract contract = Contract.load();
  private final Supplier<String> metrics;
  private final Dispatcher dispatcher;
  private final Dashboard dashboard;

  /**
   * Reads the contract and the dashboard's files: a tenth of a second in a process that has just
   * started.
   *
   * @throws IllegalStateException if the program was packed without them
   */
  ControlAnswers(ControlParts parts, ControlLimits limits) {
    metrics = parts.metrics();
    dispatcher = new Dispatcher(contract, parts, limits);
    dashboard = new Dashboard(contract, dispatcher, parts);
  }

  /**
   * Answers one call. Blocks.
   *
   * @param base scheme and host that the listener is known by to the caller
   * @throws ApiError when it is refused
   */
  Reply to(Request request, String base) {
    if (request.method().equals("GET") && request.path().equals("/metrics")) {
      return Reply.of(200, "text/plain; version=0.0.4; charset=utf-8", metrics.get());
    }
    if (request.method().equals("GET") && request.path().equals("/openapi.yaml")) {
      return Reply.of(200, "application/yaml", contract.text());
    }
    Optional<Reply> forPeople = dashboard.answer(request, base);
    if (forPeople.isPresent()) {
      return forPeople.get();
    }
    Answer answer = dispatcher.answer(request);
    Links.makeAbsolute(answer.body(), base);
    return Reply.of(answer);
  }
}
