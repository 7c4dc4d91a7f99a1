package dev.keygate.exchange;

/**
 * Why a request was refused, as clients and operators read it. The numbered codes are those that
 * published clients know; the {@code ERR_KEYGATE_} ones say what no published code says.
 */
public enum ErrorCode {
  POLICY_EVALUATION("ERR_NGROK_2201", 500),
  NO_ENDPOINT("ERR_NGROK_3200", 404),
  IP_RESTRICTED("ERR_NGROK_3205", 403),
  NOTHING_REACHABLE("ERR_NGROK_3800", 502),
  BAD_BODY("ERR_NGROK_3801", 400),
  NO_PROVIDER_KEY("ERR_NGROK_3802", 400),
  SELECTION_FAILED("ERR_NGROK_3803", 422),
  NO_CANDIDATE("ERR_NGROK_3804", 422),
  SELECTION_EMPTY("ERR_NGROK_3805", 422),
  SELECTION_NOT_A_LIST("ERR_NGROK_3806", 422),
  ALL_ATTEMPTS_FAILED("ERR_NGROK_3807", 503),
  KEY_SELECTION_FAILED("ERR_NGROK_3808", 422),
  TOTAL_TIMEOUT("ERR_NGROK_3810", 504),
  TOO_MANY_INPUT_TOKENS("ERR_NGROK_3811", 413),
  BUDGET_SPENT("ERR_NGROK_4026", 403),
  KEY_INVALID("ERR_NGROK_27007", 401),
  KEY_OF_OTHER_ENDPOINT("ERR_NGROK_27008", 403),
  KEYS_UNAVAILABLE("ERR_NGROK_27009", 503),
  PROVIDER_NOT_ALLOWED("provider_not_allowed", 403),
  MODEL_NOT_ALLOWED("model_not_allowed", 403),
  ADDRESS_NOT_ALLOWED("address_not_allowed", 403),
  MODEL_NOT_FOUND("model_not_found", 404),
  TOKEN_INVALID("ERR_KEYGATE_TOKEN_INVALID", 401),
  TOKEN_KEYS_UNAVAILABLE("ERR_KEYGATE_TOKEN_KEYS_UNAVAILABLE", 503),
  BASIC_AUTH("ERR_KEYGATE_BASIC_AUTH", 401),
  MALFORMED_REQUEST("ERR_KEYGATE_MALFORMED_REQUEST", 400),
  REQUEST_TIMEOUT("ERR_KEYGATE_REQUEST_TIMEOUT", 408),
  RATE_LIMITED("ERR_KEYGATE_RATE_LIMITED", 429),
  UNKNOWN_PATH("ERR_KEYGATE_UNKNOWN_PATH", 404),
  METHOD_NOT_ALLOWED("ERR_KEYGATE_METHOD_NOT_ALLOWED", 405),
  BODY_TOO_LARGE("ERR_KEYGATE_BODY_TOO_LARGE", 413),
  HEADERS_TOO_LARGE("ERR_KEYGATE_HEADERS_TOO_LARGE", 431),
  OVERLOADED("ERR_KEYGATE_OVERLOADED", 503),
  BROKEN_STREAM("ERR_KEYGATE_BROKEN_STREAM", 502),
  INTERNAL("ERR_KEYGATE_INTERNAL", 500);

  private final String code;
  private final int status;

  ErrorCode(String code, int status) {
    this.code = code;
    this.status = status;
  }

  /** The code as it stands in error bodies and in {@code x-keygate-error}. */
  public String code() {
    return code;
  }

  /** The HTTP status that goes with it. */
  public int status() {
    return status;
  }
}
