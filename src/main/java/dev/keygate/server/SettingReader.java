package dev.keygate.server;

import dev.keygate.address.Cidr;
import dev.keygate.secret.Secret;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns configured text into typed values and collects what does not fit. */
final class SettingReader {
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})\\s*(|B|KiB|MiB|GiB|K|M|G)");
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  private final SettingValues values;

  SettingReader(SettingValues values) {
    this.values = values;
  }

  void problem(Setting setting, String message) {
    values.problem(values.get(setting).origin() + ": " + message);
  }

  void throwProblems() {
    if (!values.problems().isEmpty()) {
      throw new InvalidSettingsException(values.problems());
    }
  }

  /** Reports when only one of two settings that need each other is given. */
  void together(Setting one, Setting other) {
    if (text(one).isEmpty() != text(other).isEmpty()) {
      Setting given = text(one).isEmpty() ? other : one;
      problem(given, "needs " + (given == one ? other : one).key() + " beside it");
    }
  }

  InetSocketAddress address(Setting setting) {
    String text = text(setting);
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port >= 0 && port <= 65_535) {
        // A literal or a name of this machine; resolved once, here.
        return new InetSocketAddress(InetAddress.getByName(text.substring(0, colon)), port);
      }
      problem(setting, unexpected(text, "HOST:PORT such as " + setting.fallback()));
    } catch (NumberFormatException e) {
      problem(setting, unexpected(text, "HOST:PORT such as " + setting.fallback()));
    } catch (UnknownHostException e) {
      problem(setting, "'" + text.substring(0, colon) + "' is no address of this machine");
    }
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  Optional<Path> path(Setting setting) {
    String text = text(setting);
    if (text.equals("~") || text.startsWith("~/")) {
      return Optional.of(Path.of(System.getProperty("user.home"), text.substring(1)));
    }
    return text.isEmpty() ? Optional.empty() : Optional.of(Path.of(text));
  }

  Optional<Secret> secret(Setting setting) {
    String text = text(setting);
    return text.isEmpty() ? Optional.empty() : Optional.of(Secret.of(text));
  }

  Optional<URI> url(Setting setting) {
    String text = text(setting);
    return text.isEmpty() ? Optional.empty() : Optional.of(url(setting, text));
  }

  Map<String, URI> urls(Setting setting) {
    Map<String, URI> urls = new LinkedHashMap<>();
    for (String pair : text(setting).split(",", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        String id = pair.substring(0, equals).strip().toLowerCase(Locale.ROOT);
        urls.put(id, url(setting, pair.substring(equals + 1).strip()));
      } else if (!pair.isBlank()) {
        problem(setting, unexpected(pair, "ID=URL such as openai=http://127.0.0.1:9000/v1"));
      }
    }
    return Map.copyOf(urls);
  }

  /** Ranges of addresses, none of which may be everybody's. */
  List<Cidr> ranges(Setting setting) {
    List<Cidr> ranges = new ArrayList<>();
    for (String item : text(setting).split(",", -1)) {
      if (!item.isBlank()) {
        try {
          Cidr range = Cidr.parseExact(item.strip());
          if (range.prefix() == 0) {
            problem(setting, "'" + item.strip() + "' would let every client say who it is");
          }
          ranges.add(range);
        } catch (IllegalArgumentException e) {
          problem(setting, "'" + item.strip() + "': " + e.getMessage());
        }
      }
    }
    return List.copyOf(ranges);
  }

  int count(Setting setting, int least, int most) {
    String text = text(setting);
    try {
      int count = Integer.parseInt(text);
      if (count >= least && count <= most) {
        return count;
      }
    } catch (NumberFormatException e) {
      // Told below, in the same words as a number out of range.
    }
    problem(setting, unexpected(text, "a number from " + least + " to " + most));
    return least;
  }

  /** Bytes; {@code KiB}, {@code MiB} and {@code GiB} are powers of 1024. */
  long size(Setting setting, long least, long most) {
    Matcher match = SIZE.matcher(text(setting));
    if (match.matches()) {
      int shift =
          switch (match.group(2).isEmpty() ? 'B' : match.group(2).charAt(0)) {
            case 'K' -> 10;
            case 'M' -> 20;
            case 'G' -> 30;
            default -> 0;
          };
      long size = Long.parseLong(match.group(1)) << shift;
      if (size >> shift == Long.parseLong(match.group(1)) && size >= least && size <= most) {
        return size;
      }
    }
    problem(
        setting,
        unexpected(
            text(setting),
            "a size such as " + setting.fallback() + ", " + least + " to " + most + " bytes"));
    return least;
  }

  /** At least a millisecond. */
  Duration duration(Setting setting) {
    Matcher match = DURATION.matcher(text(setting));
    if (match.matches()) {
      long amount = Long.parseLong(match.group(1));
      Duration duration =
          switch (match.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
          };
      if (duration.isPositive()) {
        return duration;
      }
    }
    problem(setting, unexpected(text(setting), "a duration such as " + setting.fallback()));
    return Duration.ofSeconds(1);
  }

  String oneOf(Setting setting, List<String> choices) {
    String text = text(setting).toLowerCase(Locale.ROOT);
    if (!choices.contains(text)) {
      problem(setting, unexpected(text, String.join(" or ", choices)));
    }
    return text;
  }

  boolean flag(Setting setting) {
    return oneOf(setting, List.of("true", "false")).equals("true");
  }

  private URI url(Setting setting, String text) {
    try {
      URI url = new URI(text);
      boolean web = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
      if (web && url.getHost() != null && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below, in the same words as a URL of another kind.
    }
    problem(setting, unexpected(text, "an http:// or https:// URL without user name"));
    return URI.create("http://localhost");
  }

  private String text(Setting setting) {
    return values.get(setting).text().strip();
  }

  private static String unexpected(String value, String expected) {
    return "'" + value + "', expected " + expected;
  }
}
