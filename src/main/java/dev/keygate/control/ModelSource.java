package dev.keygate.control;

import dev.keygate.ai.catalog.Catalog;

/** What the control API asks about models and the keys for them. Called on many threads. */
public interface ModelSource {
  /** What is known of models and providers now. */
  Catalog catalog();

  /** How many provider keys the whole gateway has for a provider, those of its environment too. */
  int managedKeys(String providerId);

  /** Why this node passes a provider key over for a while; "" while it is used. */
  String whySetAside(String providerKeyId);
}
