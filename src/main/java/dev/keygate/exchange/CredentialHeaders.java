package dev.keygate.exchange;

import io.netty.util.AsciiString;
import java.util.List;

/**
 * The header fields in which clients send credentials (SPEC.md section 3): what is checked, kept
 * from providers and kept out of logs.
 */
public final class CredentialHeaders {
  /** In lower case. */
  public static final List<String> NAMES =
      List.of("authorization", "x-api-key", "api-key", "x-goog-api-key");

  /** The {@link #NAMES} in their order, as a request's headers find them soonest. */
  public static final List<CharSequence> ALL =
      NAMES.stream().<CharSequence>map(AsciiString::cached).toList();

  /** Where {@link #ALL} has the one whose value begins with a scheme. */
  public static final int AUTHORIZATION = 0;

  /** Those that never carry anything but a key. */
  public static final List<CharSequence> KEY_ONLY = ALL.subList(1, ALL.size());

  private CredentialHeaders() {}
}
