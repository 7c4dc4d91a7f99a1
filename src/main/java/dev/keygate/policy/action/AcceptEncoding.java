package dev.keygate.policy.action;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Chooses a content coding by what a client accepts (RFC 9110 section 12.5.3). */
final class AcceptEncoding {
  private AcceptEncoding() {}

  /** The offered coding that the client likes best, or null when it takes none of them. */
  static CompressResponse.@Nullable Algorithm best(
      String accepted, List<CompressResponse.Algorithm> offered) {
    CompressResponse.Algorithm best = null;
    double weight = 0;
    for (CompressResponse.Algorithm algorithm : offered) {
      double offeredWeight = weight(accepted, algorithm.coding());
      if (offeredWeight > weight) {
        best = algorithm;
        weight = offeredWeight;
      }
    }
    return best;
  }

  private static double weight(String accepted, String coding) {
    double any = 0;
    for (String item : accepted.split(",", -1)) {
      int semicolon = item.indexOf(';');
      String name = (semicolon < 0 ? item : item.substring(0, semicolon)).trim();
      double weight = semicolon < 0 ? 1 : quality(item.substring(semicolon + 1));
      if (name.toLowerCase(Locale.ROOT).equals(coding)) {
        return weight;
      }
      if (name.equals("*")) {
        any = weight;
      }
    }
    return any;
  }

  private static double quality(String parameters) {
    String text = parameters.trim().toLowerCase(Locale.ROOT);
    if (!text.matches("q\\s*=\\s*[01](\\.[0-9]{0,3})?")) {
      return 0;
    }
    return Double.parseDouble(text.substring(text.indexOf('=') + 1).trim());
  }
}
