package dev.keygate.policy.action;

import com.google.re2j.Pattern;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.expression.RequestUrl;
import dev.keygate.policy.expression.Template;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code redirect} and {@code url-rewrite} have in common: a URL made from the request's. */
final class UrlChange {
  private static final Pattern WHOLE = Pattern.compile("(?s).*");
  private static final String RESERVED_OR_UNRESERVED = "-._~:/?#[]@!$&'()*+,;=%";

  private final @Nullable Regex from;
  private final Template to;

  /** A request's URL after the change, and what of it matched. */
  record Changed(String url, String original, List<String> matches) {
    boolean isSame() {
      return url.equals(original);
    }
  }

  UrlChange(@Nullable Template from, Template to, ActionContext context) {
    this.from = from == null ? null : Regex.compile(from, "from", context);
    this.to = to;
  }

  /** The changed URL; without {@code from}, {@code to} stands for all of it. */
  Changed apply(Exchange exchange) {
    String original = RequestUrl.raw(exchange);
    Pattern pattern = from == null ? WHOLE : from.pattern(exchange);
    Substitution substitution = Substitution.of(pattern, to, exchange, UrlChange::escaped);
    List<String> matches = new ArrayList<>();
    String url =
        from == null
            ? whole(substitution, original, matches)
            : substitution.apply(original, matches::add);
    return new Changed(url, original, matches);
  }

  /** One match, of everything: a second, empty one at the end would repeat the replacement. */
  private static String whole(Substitution substitution, String original, List<String> matches) {
    String url = substitution.apply("", match -> {});
    matches.add(original);
    return url;
  }

  /** Escapes what cannot stand in a URL (RFC 3986 section 2) and leaves what already can. */
  private static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (octet & 0xff);
      boolean plain =
          (character >= 'a' && character <= 'z')
              || (character >= 'A' && character <= 'Z')
              || (character >= '0' && character <= '9')
              || RESERVED_OR_UNRESERVED.indexOf(character) >= 0;
      if (plain) {
        escaped.append(character);
      } else {
        escaped.append('%').append(HexFormat.of().withUpperCase().toHexDigits(octet));
      }
    }
    return escaped.toString();
  }
}
