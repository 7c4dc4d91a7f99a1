package dev.keygate.gateway;

import dev.keygate.identifier.Base62;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.SplittableRandom;

/**
 * Makes request ids, {@code req_} and 22 base62 characters. They need to be unlike each other, not
 * secret. One for each event loop; not for use from several threads.
 */
final class RequestIds {
  private static final int HALF = 11;

  private final SplittableRandom random = new SplittableRandom(new SecureRandom().nextLong());
  private final byte[] text = new byte[4 + 2 * HALF];

  RequestIds() {
    byte[] prefix = "req_".getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(prefix, 0, text, 0, prefix.length);
  }

  String next() {
    Base62.encode(random.nextLong(), text, 4, HALF);
    Base62.encode(random.nextLong(), text, 4 + HALF, HALF);
    return new String(text, StandardCharsets.ISO_8859_1);
  }
}
