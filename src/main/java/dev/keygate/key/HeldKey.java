package dev.keygate.key;

/**
 * A key as the ring holds it: with what its token is checked against, and when it was last used.
 * All of that lies in 64 bytes, for with many keys a check waits for memory more than it computes.
 */
final class HeldKey implements KeyUse {
  private final GatewayKey key;
  private final long lookupFirst;
  private final long lookupSecond;
  private final long hashA;
  private final long hashB;
  private final long hashC;
  private final long hashD;
  private volatile int lastSecond = -1;

  HeldKey(GatewayKey key, LookupId lookupId, TokenHash hash) {
    this.key = key;
    this.lookupFirst = lookupId.first();
    this.lookupSecond = lookupId.second();
    this.hashA = hash.a();
    this.hashB = hash.b();
    this.hashC = hash.c();
    this.hashD = hash.d();
  }

  GatewayKey key() {
    return key;
  }

  LookupId lookupId() {
    return new LookupId(lookupFirst, lookupSecond);
  }

  boolean hasLookupId(LookupId lookupId) {
    return lookupFirst == lookupId.first() && lookupSecond == lookupId.second();
  }

  /** Whether its token has this hash; how long that takes does not tell where they differ. */
  boolean hasHash(TokenHash hash) {
    return new TokenHash(hashA, hashB, hashC, hashD).matches(hash);
  }

  @Override
  public boolean isFirstIn(long second) {
    int now = (int) second;
    if (lastSecond == now) {
      return false;
    }
    lastSecond = now;
    return true;
  }
}
