package dev.keygate.ai.translate;

import dev.keygate.exchange.Format;
import dev.keygate.exchange.Surface;
import org.jspecify.annotations.Nullable;

/** A chat API that requests and answers can be translated from and into. */
public enum Dialect {
  CHAT("Chat Completions", Surface.CHAT_COMPLETIONS, "/v1/chat/completions"),
  MESSAGES("Messages", Surface.MESSAGES, "/v1/messages"),
  RESPONSES("Responses", Surface.RESPONSES, "/v1/responses");

  private final String title;
  private final Surface surface;
  private final String path;

  Dialect(String title, Surface surface, String path) {
    this.title = title;
    this.surface = surface;
    this.path = path;
  }

  /** The dialect spoken on a surface, or null when what is said there cannot be translated. */
  public static @Nullable Dialect of(@Nullable Surface surface) {
    for (Dialect dialect : values()) {
      if (dialect.surface == surface) {
        return dialect;
      }
    }
    return null;
  }

  /** The API's name in messages and documents. */
  public String title() {
    return title;
  }

  public Surface surface() {
    return surface;
  }

  public Format format() {
    return surface.format();
  }

  /** Where a request is made, as clients of the gateway spell it. */
  public String path() {
    return path;
  }
}
