package dev.keygate.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;

/**
 * A connection URL in libpq's form, with the driver's form and the credentials taken apart.
 *
 * @param jdbc {@code jdbc:postgresql://…} without credentials
 * @param user empty for the driver's default
 * @param password empty for none; not in {@code toString}
 */
record PostgresUrl(String jdbc, String user, String password) {

  static PostgresUrl parse(String text) {
    URI url;
    try {
      url = new URI(text);
    } catch (URISyntaxException e) {
      // Its message would repeat the text, and so the password.
      throw new IllegalArgumentException(expected());
    }
    boolean known = "postgresql".equals(url.getScheme()) || "postgres".equals(url.getScheme());
    if (!known || url.getHost() == null || url.getPath() == null || url.getPath().length() < 2) {
      throw new IllegalArgumentException(expected());
    }
    String port = url.getPort() < 0 ? "" : ":" + url.getPort();
    String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
    String jdbc = "jdbc:postgresql://" + url.getHost() + port + url.getRawPath() + query;
    String info = url.getRawUserInfo() == null ? "" : url.getRawUserInfo();
    int colon = info.indexOf(':');
    String user = colon < 0 ? info : info.substring(0, colon);
    String password = colon < 0 ? "" : info.substring(colon + 1);
    return new PostgresUrl(jdbc, decode(user), decode(password));
  }

  @Override
  public String toString() {
    int query = jdbc.indexOf('?'); // parameters may hold a password too
    return query < 0 ? jdbc : jdbc.substring(0, query);
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
  }

  private static String expected() {
    return "not a database URL: expected postgresql://user:password@host:5432/database, with special"
        + " characters of the password percent-encoded";
  }
}
