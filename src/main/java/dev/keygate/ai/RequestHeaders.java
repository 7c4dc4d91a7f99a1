package dev.keygate.ai;

import dev.keygate.exchange.Format;
import dev.keygate.live.ProviderKey;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a request to one provider: what may pass of the client's, and the provider's
 * credential. Immutable; made once for each provider.
 */
final class RequestHeaders {
  private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
  private static final String BASIC = "Basic ";
  private static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
  private static final AsciiString ANTHROPIC_VERSION = AsciiString.cached("anthropic-version");

  private static final AsciiString ANTHROPIC_BETA = AsciiString.cached("anthropic-beta");
  private static final AsciiString OPENAI_BETA = AsciiString.cached("openai-beta");

  /** The version that the Messages API was released with, and the only one so far. */
  private static final AsciiString DEFAULT_ANTHROPIC_VERSION = AsciiString.cached("2023-06-01");

  private final HeaderAllowList allowed;

  RequestHeaders(HeaderAllowList allowed) {
    this.allowed = allowed;
  }

  /**
   * Writes the headers.
   *
   * @param added by the policy, in place of the client's
   * @param key the credential to put on, or null for none
   */
  void write(
      MultiMap client,
      Map<String, String> added,
      Format format,
      @Nullable ProviderKey key,
      MultiMap upstream) {
    client.forEach((name, value) -> {
      if (allowed.allows(name) && !isForRules(name, value, client)) {
        upstream.add(name, value);
      }
    });
    if (!added.isEmpty()) {
      added.forEach(upstream::set);
    }
    if (format == Format.ANTHROPIC && !upstream.contains(ANTHROPIC_VERSION)) {
      upstream.set(ANTHROPIC_VERSION, DEFAULT_ANTHROPIC_VERSION);
    }
    if (key != null) {
      putCredential(format, key, upstream);
    }
  }

  /** A user name and password beside a key are for the gateway's rules, not for the provider. */
  private static boolean isForRules(String name, String value, MultiMap client) {
    return BASIC.regionMatches(true, 0, value, 0, BASIC.length())
        && AUTHORIZATION.contentEqualsIgnoreCase(name)
        && HeaderAllowList.hasKeyHeader(client);
  }

  /**
   * Writes the headers of a request that was made in another format: without what is said in the
   * client's, with the client's own credential (where that passes) under this format's name, and
   * asking for bytes that can be read.
   */
  void writeTranslated(
      MultiMap client,
      Map<String, String> added,
      Format format,
      @Nullable ProviderKey key,
      MultiMap upstream) {
    write(client, added, format, key, upstream);
    upstream.set(HttpHeaderNames.ACCEPT_ENCODING, "identity");
    upstream.set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    upstream.remove(HttpHeaderNames.CONTENT_ENCODING);
    switch (format) {
      case OPENAI -> {
        String own = upstream.get(X_API_KEY);
        if (own != null && !upstream.contains(AUTHORIZATION)) {
          upstream.set(AUTHORIZATION, "Bearer ".concat(own));
        }
        upstream.remove(X_API_KEY).remove(ANTHROPIC_VERSION).remove(ANTHROPIC_BETA);
      }
      case ANTHROPIC -> {
        String own = upstream.get(AUTHORIZATION);
        if (own != null && own.startsWith("Bearer ") && !upstream.contains(X_API_KEY)) {
          upstream.set(X_API_KEY, own.substring("Bearer ".length()));
        }
        upstream.remove(AUTHORIZATION).remove(OPENAI_BETA);
      }
    }
  }

  /** Anthropic's format names its own header; everyone else's takes a bearer token. */
  private static void putCredential(Format format, ProviderKey key, MultiMap upstream) {
    String value = key.value().reveal();
    switch (format) {
      case ANTHROPIC -> upstream.set(X_API_KEY, value);
      case OPENAI -> upstream.set(AUTHORIZATION, "Bearer ".concat(value));
    }
  }
}
