package dev.keygate.exchange;

import org.jspecify.annotations.Nullable;

/** One API shape that clients call (SPEC.md section 6), known by its path. */
public enum Surface {
  CHAT_COMPLETIONS("chat-completions", "/chat/completions", Format.OPENAI, Body.JSON),
  RESPONSES("responses", "/responses", Format.OPENAI, Body.JSON),
  EMBEDDINGS("embeddings", "/embeddings", Format.OPENAI, Body.JSON),
  COMPLETIONS("completions", "/completions", Format.OPENAI, Body.JSON),
  MODERATIONS("moderations", "/moderations", Format.OPENAI, Body.JSON),
  RERANK("rerank", "/rerank", Format.OPENAI, Body.JSON),
  IMAGES("images", "/images/", Format.OPENAI, Body.ANY),
  AUDIO("audio", "/audio/", Format.OPENAI, Body.ANY),
  FILES("files", "/files", Format.OPENAI, Body.ANY),
  BATCHES("batches", "/batches", Format.OPENAI, Body.ANY),
  COUNT_TOKENS("count-tokens", "/messages/count_tokens", Format.ANTHROPIC, Body.JSON),
  MESSAGES("messages", "/messages", Format.ANTHROPIC, Body.JSON),
  MODELS("models", "/models", Format.OPENAI, Body.NONE);

  /** What a request on the surface carries. */
  public enum Body {
    /** A JSON object whose {@code model} decides where it goes. */
    JSON,
    /** JSON, a form or nothing, by path and method. */
    ANY,
    NONE
  }

  /** The part of the client's path that a provider's base URL path replaces. */
  public static final String PREFIX = "/v1";

  private static final Surface[] ALL = values();

  private final String id;
  private final String path;
  private final Format format;
  private final Body body;

  Surface(String id, String path, Format format, Body body) {
    this.id = id;
    this.path = path;
    this.format = format;
    this.body = body;
  }

  /** The surface that a request path belongs to, or null when it is none. */
  public static @Nullable Surface ofPath(String requestPath) {
    if (!requestPath.startsWith(PREFIX)) {
      return null;
    }
    for (Surface surface : ALL) {
      if (surface.matches(requestPath)) {
        return surface;
      }
    }
    return null;
  }

  public String id() {
    return id;
  }

  public Format format() {
    return format;
  }

  public Body body() {
    return body;
  }

  private boolean matches(String requestPath) {
    int start = PREFIX.length();
    if (!requestPath.startsWith(path, start)) {
      return false;
    }
    int end = start + path.length();
    if (path.endsWith("/")) {
      return requestPath.length() > end;
    }
    return requestPath.length() == end || (hasSubresources() && requestPath.charAt(end) == '/');
  }

  private boolean hasSubresources() {
    return switch (this) {
      case FILES, BATCHES, MODELS, RESPONSES -> true;
      case CHAT_COMPLETIONS, EMBEDDINGS, COMPLETIONS, MODERATIONS, RERANK, IMAGES, AUDIO -> false;
      case COUNT_TOKENS, MESSAGES -> false;
    };
  }
}
