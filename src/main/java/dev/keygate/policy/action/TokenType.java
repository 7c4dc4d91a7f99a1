package dev.keygate.policy.action;

import com.nimbusds.jose.JOSEObjectType;
import dev.keygate.policy.document.Nearest;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What kind of token a policy expects, as policies write it. */
public record TokenType(String name) {
  private static final String ACCESS = "at+jwt";
  private static final List<String> NAMES =
      List.of("jwt", "access_token", "id_token", ACCESS, "it+jwt", "plain");

  /**
   * Reads a type.
   *
   * @throws IllegalArgumentException if there is none of this name
   */
  public static TokenType parse(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException(Nearest.hint(name, NAMES));
    }
    return new TokenType(name);
  }

  /**
   * Whether a token may say of itself that it is of this type. An access token of RFC 9068 must say
   * so, that nothing else is taken for one (RFC 8725 section 3.11); of the others many say nothing.
   */
  boolean accepts(@Nullable JOSEObjectType written) {
    String type = written == null ? "" : written.getType().toLowerCase(Locale.ROOT);
    boolean isAccess = type.equals(ACCESS) || type.equals("application/" + ACCESS);
    return !name.equals(ACCESS) || isAccess;
  }
}
