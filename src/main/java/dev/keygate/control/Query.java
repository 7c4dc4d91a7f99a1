package dev.keygate.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.keygate.policy.document.Nearest;
import java.net.URLDecoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the query of a call. */
final class Query {
  private static final int MAX_PARAMETERS = 16;

  private Query() {}

  /**
   * The decoded parameters, in the order in which they were sent.
   *
   * @param known names of those that the operation takes
   */
  static Map<String, String> read(String rawQuery, Set<String> known) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : rawQuery.split("&", MAX_PARAMETERS + 1)) {
      if (pair.isEmpty()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        throw ApiError.of(
                ErrorCode.UNKNOWN_PARAMETER,
                "The query parameter '%s' is unknown; %s"
                    .formatted(name, Nearest.hint(name, new TreeSet<>(known))))
            .with("field", name);
      }
      if (query.put(name, equals < 0 ? "" : decoded(pair.substring(equals + 1))) != null) {
        throw ApiError.inField(ErrorCode.REPEATED_PARAMETER, name, "given more than once");
      }
    }
    return query;
  }

  private static String decoded(String text) {
    String decoded;
    try {
      decoded = URLDecoder.decode(text, UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed("a % without two digits after it");
    }
    if (decoded.indexOf(0) >= 0) {
      throw malformed("NUL in it, which no database holds");
    }
    return decoded;
  }

  private static ApiError malformed(String why) {
    return ApiError.of(ErrorCode.MALFORMED_QUERY, "The query is not valid: " + why + '.');
  }
}
