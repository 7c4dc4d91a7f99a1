package dev.keygate.usage;

import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one request (SPEC.md section 13): never a body or a credential.
 *
 * @param id {@code req_…}, sorts by when the request began
 * @param startMillis when its head was complete, in milliseconds since 1970
 * @param micros from then to the last byte of its answer
 * @param firstByteMicros from then to the answer's first byte, or negative when it never began
 * @param endpointId empty where no endpoint was found
 * @param keyId empty where it came with no valid key
 * @param surface the API's id, or empty
 * @param status of the answer, 0 when the client was gone before it began
 * @param errorCode {@code ERR_NGROK_…} of a refusal, or empty
 * @param reason what the client was not told of a refusal, or empty
 * @param clientIp in the text form of its address
 * @param bytesIn of the request's body
 * @param bytesOut of the answer's body
 */
public record RequestRecord(
    String id,
    long startMillis,
    long micros,
    long firstByteMicros,
    String endpointId,
    String keyId,
    String surface,
    int status,
    String errorCode,
    String reason,
    String clientIp,
    long bytesIn,
    long bytesOut,
    Routed routed) {

  /** When it ended, in milliseconds since 1970. */
  public long endMillis() {
    return startMillis + micros / 1000;
  }

  /** The same under another id. */
  RequestRecord withId(String other) {
    return new RequestRecord(
        other,
        startMillis,
        micros,
        firstByteMicros,
        endpointId,
        keyId,
        surface,
        status,
        errorCode,
        reason,
        clientIp,
        bytesIn,
        bytesOut,
        routed);
  }

  /** The provider and model that were last tried; null where none was. */
  public Routed.@Nullable Attempt last() {
    return routed.attempts().isEmpty() ? null : routed.attempts().getLast();
  }
}
