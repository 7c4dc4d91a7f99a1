package dev.keygate.ai.translate;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Images as OpenAI's APIs have them: all URLs, the data in {@code data:} ones (RFC 2397). */
final class ImageUrls {
  private static final Pattern DATA =
      Pattern.compile("data:([a-z]+/[a-z0-9.+-]{1,60});base64,", Pattern.CASE_INSENSITIVE);

  /** Longer than any prefix that matches. */
  private static final int LONGEST_PREFIX = 100;

  private ImageUrls() {}

  static Part.Image read(String url, String where) throws UntranslatableException {
    if (!url.regionMatches(true, 0, "data:", 0, 5)) {
      return new Part.ImageUrl(url);
    }
    Matcher prefix = DATA.matcher(url.substring(0, Math.min(url.length(), LONGEST_PREFIX)));
    if (!prefix.lookingAt()) {
      throw new UntranslatableException(where, "expected data:image/…;base64,…");
    }
    return new Part.ImageData(
        prefix.group(1).toLowerCase(Locale.ROOT), url.substring(prefix.end()));
  }

  static String write(Part.Image image) {
    return switch (image) {
      case Part.ImageUrl url -> url.url();
      case Part.ImageData data -> "data:" + data.mediaType() + ";base64," + data.base64();
    };
  }
}
