package dev.keygate.server;

import dev.keygate.ai.Catalogs;
import dev.keygate.ai.KeyHealth;
import dev.keygate.ai.catalog.Catalog;
import dev.keygate.control.ModelSource;
import dev.keygate.live.LiveState;

/** Models and provider keys as requests are served from them. */
record KnownModels(Catalogs catalogs, LiveState live, KeyHealth keyHealth) implements ModelSource {
  @Override
  public Catalog catalog() {
    return catalogs.current().catalog();
  }

  @Override
  public int managedKeys(String providerId) {
    return live.managedProviderKeys(providerId).size();
  }

  @Override
  public String whySetAside(String providerKeyId) {
    return keyHealth.whyResting(providerKeyId);
  }
}
