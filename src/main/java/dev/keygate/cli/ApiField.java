package dev.keygate.cli;

import java.util.List;
import java.util.Locale;

/**
 * Something that a call takes, and the flag it is given by.
 *
 * @param name as the contract has it, for example {@code endpoint_id}
 * @param isNullable whether the flag's value {@code null} means none
 * @param choices the only values, or empty
 */
record ApiField(
    String name,
    String description,
    Kind kind,
    boolean isRequired,
    boolean isNullable,
    List<String> choices) {

  /** How a flag's text becomes a value. */
  enum Kind {
    TEXT,
    /** A text that nobody should see: {@code -} takes it from standard input or asks for it. */
    SECRET,
    /** A text of many lines, which a second flag takes from a file. */
    DOCUMENT,
    SWITCH,
    NUMBER,
    /** A list of texts: the flag may be repeated. */
    TEXTS,
    /** Anything else, written as JSON. */
    JSON
  }

  /** {@code --endpoint-id}. */
  String flag() {
    return flag(name);
  }

  /** {@code --traffic-policy-file}. */
  String fileFlag() {
    return flag() + "-file";
  }

  /** What stands for the value in a synopsis: {@code ENDPOINT_ID}, or the choices. */
  String placeholder() {
    if (!choices.isEmpty()) {
      return String.join("|", choices);
    }
    return switch (kind) {
      case TEXT, SECRET, TEXTS -> words(name, '_').toUpperCase(Locale.ROOT);
      case DOCUMENT -> "TEXT";
      case SWITCH -> "true|false";
      case NUMBER -> "NUMBER";
      case JSON -> "JSON";
    };
  }

  private static String flag(String name) {
    return "--" + words(name, '-').toLowerCase(Locale.ROOT);
  }

  /** The name with its words set apart by {@code between}. */
  static String words(String name, char between) {
    return name.replace('-', between).replace('_', between);
  }
}
