package dev.keygate.ai;

import dev.keygate.ai.translate.Dialect;
import dev.keygate.exchange.Surface;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which chat API a client of another is translated to, for a provider. Pure. */
final class Dialects {
  private Dialects() {}

  /**
   * The provider's API that says most of what clients of the surface say.
   *
   * @return null where the surface or the provider has no chat API, or where they share one
   */
  static @Nullable Dialect of(Provider provider, Surface surface) {
    Dialect client = Dialect.of(surface);
    if (client == null || provider.serves(surface)) {
      return null;
    }
    for (Dialect dialect : nearest(client)) {
      if (provider.serves(dialect.surface())) {
        return dialect;
      }
    }
    return null;
  }

  private static List<Dialect> nearest(Dialect client) {
    return switch (client) {
      case CHAT -> List.of(Dialect.RESPONSES, Dialect.MESSAGES);
      case MESSAGES -> List.of(Dialect.CHAT, Dialect.RESPONSES);
      case RESPONSES -> List.of(Dialect.CHAT, Dialect.MESSAGES);
    };
  }
}
