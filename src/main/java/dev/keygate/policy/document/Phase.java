package dev.keygate.policy.document;

import org.jspecify.annotations.Nullable;

/** A moment at which rules run, by its key in the document. */
public enum Phase {
  /** At a connection's first request, before the key is checked. */
  ON_TCP_CONNECT("on_tcp_connect"),
  /** After the key check, before anything is sent to a provider. */
  ON_HTTP_REQUEST("on_http_request"),
  /** Before an answer's first byte. */
  ON_HTTP_RESPONSE("on_http_response"),
  /** When an answer is an event stream, before its first event. */
  ON_EVENT_STREAM_MESSAGE("on_event_stream_message");

  private final String key;

  Phase(String key) {
    this.key = key;
  }

  /** Its key in a policy document. */
  public String key() {
    return key;
  }

  /** Whether there is an HTTP request that expressions may read. */
  public boolean hasRequest() {
    return this != ON_TCP_CONNECT;
  }

  /** Whether there is an HTTP response that expressions may read. */
  public boolean hasResponse() {
    return this == ON_HTTP_RESPONSE || this == ON_EVENT_STREAM_MESSAGE;
  }

  /** The phase with this key, or null. */
  public static @Nullable Phase ofKey(String key) {
    for (Phase phase : values()) {
      if (phase.key.equals(key)) {
        return phase;
      }
    }
    return null;
  }
}
