package dev.keygate.policy.expression;

import dev.cel.common.types.CelType;

/** CEL's types in the words of messages. */
final class TypeNames {
  private TypeNames() {}

  static String of(CelType type) {
    return switch (type.kind()) {
      case STRING -> "a text";
      case INT, UINT -> "a whole number";
      case DOUBLE -> "a number";
      case BOOL -> "true or false";
      case LIST -> "a list";
      case MAP -> "a map";
      case TIMESTAMP -> "a time";
      case DURATION -> "a duration";
      case BYTES -> "bytes";
      case NULL_TYPE -> "null";
      default -> "a " + type.name();
    };
  }
}
