package dev.keygate.ai;

import dev.keygate.exchange.CredentialHeaders;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Which of the client's request headers a provider gets: a list of what may pass, so that nothing
 * leaks by having been forgotten (SPEC.md section 6). Letter case does not matter. Immutable.
 */
final class HeaderAllowList {
  private static final List<String> ALWAYS =
      List.of(
          "accept",
          "accept-encoding",
          "accept-language",
          "content-type",
          "content-encoding",
          "user-agent",
          "openai-beta",
          "anthropic-version",
          "anthropic-beta",
          "idempotency-key",
          "traceparent",
          "tracestate");

  private static final String SDK_PREFIX = "x-stainless-";

  /**
   * What no list can let through: the gateway's own fields of the connection and message, and
   * credentials other than in passthrough.
   */
  private static final List<String> NEVER =
      List.of(
          "host",
          "connection",
          "content-length",
          "transfer-encoding",
          "te",
          "trailer",
          "upgrade",
          "expect",
          "keep-alive",
          "proxy-authorization",
          "proxy-connection",
          "cookie");

  /** What goes with a credential of the client's own. */
  private static final List<String> ACCOUNT = List.of("openai-organization", "openai-project");

  /** The names by their length, so that nearly every other name is refused without comparing. */
  private final AsciiString[][] byLength;

  private HeaderAllowList(List<String> names) {
    int longest = names.stream().mapToInt(String::length).max().orElse(0);
    byLength = new AsciiString[longest + 1][];
    for (int length = 0; length <= longest; length++) {
      int wanted = length;
      byLength[length] =
          names.stream()
              .filter(name -> name.length() == wanted)
              .distinct()
              .map(AsciiString::cached)
              .toArray(AsciiString[]::new);
    }
  }

  /** The list, with the provider's {@code forward_headers}, which can not name a credential. */
  static HeaderAllowList with(List<String> forwardHeaders) {
    List<String> names = new ArrayList<>(ALWAYS);
    forwardHeaders.stream()
        .map(name -> AsciiString.of(name).toLowerCase().toString())
        .filter(name -> !NEVER.contains(name) && !CredentialHeaders.NAMES.contains(name))
        .forEach(names::add);
    return new HeaderAllowList(names);
  }

  /** The same list and the client's own credential, for {@code authorization: passthrough}. */
  static HeaderAllowList passthroughWith(List<String> forwardHeaders) {
    List<String> names = new ArrayList<>(ALWAYS);
    names.addAll(CredentialHeaders.NAMES);
    names.addAll(ACCOUNT);
    forwardHeaders.stream()
        .map(name -> AsciiString.of(name).toLowerCase().toString())
        .filter(name -> !NEVER.contains(name))
        .forEach(names::add);
    return new HeaderAllowList(names);
  }

  /** Whether a client presents a credential of its own. */
  static boolean hasCredential(MultiMap headers) {
    return CredentialHeaders.ALL.stream().anyMatch(headers::contains);
  }

  /** Whether one is in a header that never carries anything but a key. */
  static boolean hasKeyHeader(MultiMap headers) {
    return CredentialHeaders.KEY_ONLY.stream().anyMatch(headers::contains);
  }

  boolean allows(CharSequence name) {
    int length = name.length();
    if (length < byLength.length) {
      for (AsciiString allowed : byLength[length]) {
        if (allowed.contentEqualsIgnoreCase(name)) {
          return true;
        }
      }
    }
    return length > SDK_PREFIX.length()
        && AsciiString.regionMatchesAscii(name, true, 0, SDK_PREFIX, 0, SDK_PREFIX.length());
  }
}
