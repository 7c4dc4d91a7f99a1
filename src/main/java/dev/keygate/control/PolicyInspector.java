package dev.keygate.control;

import dev.keygate.policy.trial.PolicyTest;
import java.util.List;

/** What the control API asks of the compiler of traffic policies. */
public interface PolicyInspector {
  /**
   * What keeps the document from being saved, each problem with its place; empty when nothing does.
   *
   * @param allowOpenRelay whether its author said that anybody may use server-side provider keys
   */
  List<String> problems(String document, boolean allowOpenRelay);

  /**
   * What the author of a document that may be saved should know, each with its place: what never
   * runs, what is always true, what lets anybody through.
   */
  List<String> warnings(String document);

  /** Whether the document, once saved, has an {@code ai-gateway} action. */
  boolean hasAiGateway(String document);

  /** The JSON Schema of documents, as JSON. */
  String schema();

  /**
   * What comes of the example requests of a document with tests; nothing leaves this machine.
   *
   * @param document the policy
   * @param tests as {@code keygate policy test} reads them
   */
  PolicyTest.Report test(String document, String tests);
}
