package dev.keygate.control;

/**
 * The codes with which a resource's own errors are told (SPEC.md section 11); resources without
 * codes of their own use the general one.
 */
enum FieldCodes {
  GATEWAY_KEY(
      ErrorCode.KEY_DESCRIPTION_TOO_LONG,
      ErrorCode.KEY_METADATA_TOO_LONG,
      ErrorCode.KEY_FIELD_MISSING),
  PROVIDER_KEY(
      ErrorCode.PROVIDER_KEY_DESCRIPTION_TOO_LONG,
      ErrorCode.PROVIDER_KEY_METADATA_TOO_LONG,
      ErrorCode.PROVIDER_KEY_FIELD_MISSING),
  GENERAL(ErrorCode.INVALID_FIELD, ErrorCode.INVALID_FIELD, ErrorCode.INVALID_FIELD);

  private final ErrorCode description;
  private final ErrorCode metadata;
  private final ErrorCode missing;

  FieldCodes(ErrorCode description, ErrorCode metadata, ErrorCode missing) {
    this.description = description;
    this.metadata = metadata;
    this.missing = missing;
  }

  static FieldCodes of(String collection) {
    return switch (collection) {
      case GatewayKeys.COLLECTION -> GATEWAY_KEY;
      case ProviderKeys.COLLECTION -> PROVIDER_KEY;
      default -> GENERAL;
    };
  }

  /** The codes for objects inside a list of this resource: those are provider keys. */
  FieldCodes ofItems() {
    return PROVIDER_KEY;
  }

  ApiError tooLong(String field, String path, int length, int max) {
    ErrorCode code =
        switch (field) {
          case "description" -> description;
          case "metadata" -> metadata;
          default -> ErrorCode.INVALID_FIELD;
        };
    return ApiError.inField(code, path, length + " characters, expected at most " + max);
  }

  ApiError missing(String field, String path) {
    if (this == PROVIDER_KEY && field.equals("value")) {
      return ApiError.inField(ErrorCode.PROVIDER_KEY_VALUE_EMPTY, path, "required, and not empty");
    }
    return ApiError.inField(missing, path, "required");
  }
}
