package dev.keygate.control;

import java.util.Locale;

/** What a management key may do; each may do what the ones before it may. */
enum Role {
  VIEWER,
  EDITOR,
  ADMIN;

  /** The role called {@code text} in stored rows and in the contract. */
  static Role of(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }

  boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
