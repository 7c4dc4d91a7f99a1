package dev.keygate.control;

import dev.keygate.ai.catalog.Catalog;

/** What the control API asks about models. Called on many threads. */
public interface ModelSource {
  /** What is known of models and providers now. */
  Catalog catalog();

  /** How many provider keys the whole gateway has for a provider, those of its environment too. */
  int managedKeys(String providerId);
}
