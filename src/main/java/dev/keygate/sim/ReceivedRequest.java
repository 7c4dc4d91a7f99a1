package dev.keygate.sim;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request as the simulated provider received it.
 *
 * <p>Everything is kept and printed, credentials too: that nothing leaks to a provider, and that
 * the right credential reaches it, can only be checked where all of it is visible.
 *
 * @param number counts from 1 in order of arrival
 * @param query without the question mark, empty when there is none
 * @param headers in order of arrival, repeated names repeated, letter case as sent
 * @param body the beginning of the body as UTF-8 text, up to the recorder's limit
 * @param bodyBytes how long the body was
 * @param remote host and port of the client's end of the connection
 * @param at when the body had been read
 */
public record ReceivedRequest(
    long number,
    String method,
    String path,
    String query,
    List<Map.Entry<String, String>> headers,
    String body,
    long bodyBytes,
    String remote,
    Instant at) {

  public ReceivedRequest {
    headers = List.copyOf(headers);
  }

  /** The first value of a header, its name in any letter case. */
  public Optional<String> header(String name) {
    return headerValues(name).stream().findFirst();
  }

  /** All values of a header, its name in any letter case. */
  public List<String> headerValues(String name) {
    return headers.stream()
        .filter(header -> header.getKey().equalsIgnoreCase(name))
        .map(Map.Entry::getValue)
        .toList();
  }
}
