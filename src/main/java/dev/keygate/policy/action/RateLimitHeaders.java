package dev.keygate.policy.action;

import dev.keygate.exchange.Exchange;
import dev.keygate.ratelimit.Verdict.Decision;
import io.netty.util.AsciiString;
import java.time.Duration;

/**
 * What an answer says about a limit, in the form of draft-ietf-httpapi-ratelimit-headers-10: {@code
 * RateLimit-Policy: "name";q=100;w=60} and {@code RateLimit: "name";r=42;t=17}. Several limits are
 * several lines.
 */
final class RateLimitHeaders {
  private static final AsciiString POLICY = AsciiString.cached("ratelimit-policy");
  private static final AsciiString STATE = AsciiString.cached("ratelimit");

  private final String policy;
  private final String stateStart;

  RateLimitHeaders(String name, long capacity, Duration window) {
    String quoted = quoted(name);
    this.policy = quoted + ";q=" + capacity + ";w=" + window.toSeconds();
    this.stateStart = quoted + ";r=";
  }

  void addTo(Exchange exchange, Decision decision) {
    // A refused client is told one time only: what Retry-After says.
    long seconds = decision.admitted() ? decision.resetSeconds() : decision.retryAfterSeconds();
    exchange.addAnswerHeader(POLICY, policy);
    exchange.addAnswerHeader(STATE, stateStart + decision.remaining() + ";t=" + seconds);
  }

  /** A string of structured fields (RFC 9651 section 3.3.3), which holds printable ASCII only. */
  private static String quoted(String name) {
    StringBuilder text = new StringBuilder("\"");
    name.codePoints()
        .forEach(c -> {
          if (c == '"' || c == '\\') {
            text.append('\\');
          }
          text.append(c >= ' ' && c <= '~' ? (char) c : '_');
        });
    return text.append('"').toString();
  }
}
