package dev.keygate.control;

/**
 * The codes with which a resource's own errors are told (SPEC.md section 11); resources without
 * codes of their own use the general one.
 */
enum FieldCodes {
  GATEWAY_KEY("ERR_NGROK_27004", "ERR_NGROK_27005", "ERR_NGROK_27006"),
  PROVIDER_KEY("ERR_NGROK_27502", "ERR_NGROK_27503", "ERR_NGROK_27510"),
  GENERAL("ERR_NGROK_215", "ERR_NGROK_215", "ERR_NGROK_215");

  private final String description;
  private final String metadata;
  private final String missing;

  FieldCodes(String description, String metadata, String missing) {
    this.description = description;
    this.metadata = metadata;
    this.missing = missing;
  }

  static FieldCodes of(String collection) {
    return switch (collection) {
      case "ai_gateway_api_keys" -> GATEWAY_KEY;
      case "ai_gateway_provider_keys" -> PROVIDER_KEY;
      default -> GENERAL;
    };
  }

  /** The codes for objects inside a list of this resource: those are provider keys. */
  FieldCodes ofItems() {
    return PROVIDER_KEY;
  }

  ApiError tooLong(String field, String path, int length, int max) {
    String code =
        switch (field) {
          case "description" -> description;
          case "metadata" -> metadata;
          default -> "ERR_NGROK_215";
        };
    return ApiError.of(
            status(code), code, path + ": " + length + " characters, expected at most " + max)
        .with("field", path);
  }

  ApiError missing(String field, String path) {
    if (this == PROVIDER_KEY && field.equals("value")) {
      return ApiError.of(422, "ERR_NGROK_27507", path + ": required, and not empty")
          .with("field", path);
    }
    return ApiError.of(status(missing), missing, path + ": required").with("field", path);
  }

  private static int status(String code) {
    return code.equals("ERR_NGROK_215") ? 400 : 422;
  }
}
