package dev.keygate.gateway;

import dev.keygate.identifier.Identifiers;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.SplittableRandom;

/**
 * Makes request ids, {@code req_} and 27 base62 characters in KSUID layout: they sort by the second
 * in which the request came. They need to be unlike each other, not secret. One for each event
 * loop; not for use from several threads.
 */
final class RequestIds {
  private static final byte[] PREFIX = "req_".getBytes(StandardCharsets.ISO_8859_1);

  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
  private final byte[] text = new byte[PREFIX.length + 27];
  private final InstantSource clock;

  RequestIds(InstantSource clock) {
    this.clock = clock;
    System.arraycopy(PREFIX, 0, text, 0, PREFIX.length);
  }

  String next() {
    long second = Identifiers.secondOf(clock.millis());
    Identifiers.encode(second, random.nextLong(), random.nextLong(), text, PREFIX.length);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
