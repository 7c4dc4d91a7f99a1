package dev.keygate.policy.document;

/** Ends the reading of a document at the first thing that cannot be a node. */
final class DocumentException extends RuntimeException {
  private final String path;
  private final transient Position position;

  DocumentException(String path, Position position, String message) {
    super(message, null, false, false);
    this.path = path;
    this.position = position;
  }

  String path() {
    return path;
  }

  Position position() {
    return position;
  }

  /** Never null: the constructor demands one. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
