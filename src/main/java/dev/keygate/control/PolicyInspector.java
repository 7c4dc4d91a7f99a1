package dev.keygate.control;

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
}
