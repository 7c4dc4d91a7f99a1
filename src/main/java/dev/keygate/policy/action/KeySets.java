package dev.keygate.policy.action;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.LongSupplier;

/**
 * The key sets of all issuers that policies name, kept over a policy's changes. Shared by all event
 * loops.
 */
final class KeySets {
  private static final int MAX_ISSUERS = 1000;

  private final HttpCall http;
  private final LongSupplier nanoTime;
  private final Cache<String, KeySet> byUrl =
      Caffeine.newBuilder().maximumSize(MAX_ISSUERS).build();

  KeySets(HttpCall http, LongSupplier nanoTime) {
    this.http = http;
    this.nanoTime = nanoTime;
  }

  KeySet at(String url) {
    return byUrl.get(url, absent -> new KeySet(absent, http, nanoTime));
  }
}
