package dev.keygate.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A connection URL in libpq's form (PostgreSQL's documentation, section 34.1.1.2), with the
 * driver's form and the credentials taken apart.
 *
 * @param jdbc {@code jdbc:postgresql://…} without credentials
 * @param user empty for the driver's default
 * @param password empty for none; not in {@code toString}
 */
record PostgresUrl(String jdbc, String user, String password) {
  private static final Pattern HOSTS = Pattern.compile("[A-Za-z0-9._:,\\[\\]-]+");

  /** libpq's parameters and, after those, some that only the driver has, by the driver's names. */
  private static final Map<String, String> PARAMETERS =
      Map.ofEntries(
          Map.entry("application_name", "ApplicationName"),
          Map.entry("channel_binding", "channelBinding"),
          Map.entry("connect_timeout", "connectTimeout"),
          Map.entry("gssencmode", "gssEncMode"),
          Map.entry("options", "options"),
          Map.entry("sslcert", "sslcert"),
          Map.entry("sslkey", "sslkey"),
          Map.entry("sslmode", "sslmode"),
          Map.entry("sslnegotiation", "sslNegotiation"),
          Map.entry("sslrootcert", "sslrootcert"),
          Map.entry("target_session_attrs", "targetServerType"),
          Map.entry("currentSchema", "currentSchema"),
          Map.entry("prepareThreshold", "prepareThreshold"),
          Map.entry("socketTimeout", "socketTimeout"));

  /** Seconds where they are times. Server error details would repeat stored values. */
  private static final Map<String, String> DEFAULTS =
      new TreeMap<>(
          Map.of(
              "ApplicationName", "keygate",
              "connectTimeout", "5",
              "socketTimeout", "30",
              "tcpKeepAlive", "true",
              "logServerErrorDetail", "false"));

  /**
   * Reads a URL.
   *
   * @throws IllegalArgumentException saying what is wrong, without repeating the URL
   */
  static PostgresUrl parse(String text) {
    int scheme = text.indexOf("://");
    String name = scheme < 0 ? "" : text.substring(0, scheme);
    if (!name.equals("postgresql") && !name.equals("postgres")) {
      throw malformed();
    }
    String rest = text.substring(scheme + 3);
    int query = rest.indexOf('?');
    Map<String, String> parameters = parameters(query < 0 ? "" : rest.substring(query + 1));
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    String authority = slash < 0 ? place : place.substring(0, slash);
    String database = slash < 0 ? "" : decode(place.substring(slash + 1));
    int at = authority.lastIndexOf('@');
    String hosts = authority.substring(at + 1);
    if (database.isEmpty() || database.contains("@") || !HOSTS.matcher(hosts).matches()) {
      throw malformed();
    }
    String credentials = at < 0 ? "" : authority.substring(0, at);
    int colon = credentials.indexOf(':');
    String user = decode(colon < 0 ? credentials : credentials.substring(0, colon));
    String password = colon < 0 ? "" : decode(credentials.substring(colon + 1));
    user = parameters.getOrDefault("user", user);
    password = parameters.getOrDefault("password", password);
    return new PostgresUrl(jdbc(hosts, database, parameters), user, password);
  }

  @Override
  public String toString() {
    return jdbc.substring("jdbc:".length(), jdbc.indexOf('?'));
  }

  private static String jdbc(String hosts, String database, Map<String, String> parameters) {
    Map<String, String> properties = new LinkedHashMap<>(DEFAULTS);
    parameters.forEach((key, value) -> {
      if (!key.equals("user") && !key.equals("password")) {
        String property = PARAMETERS.get(key);
        if (property == null) {
          throw new IllegalArgumentException(
              "a parameter of the database URL is unknown; expected user, password or one of "
                  + String.join(", ", new TreeMap<>(PARAMETERS).keySet()));
        }
        properties.put(property, serverType(property, value));
      }
    });
    return properties.entrySet().stream()
        .map(property -> property.getKey() + "=" + URLEncoder.encode(property.getValue(), UTF_8))
        .collect(
            Collectors.joining(
                "&",
                "jdbc:postgresql://%s/%s?".formatted(hosts, URLEncoder.encode(database, UTF_8)),
                ""));
  }

  /** The store writes, so of libpq's words only those make sense that find a primary. */
  private static String serverType(String property, String value) {
    return property.equals("targetServerType") && value.equals("read-write") ? "primary" : value;
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw malformed();
      }
      parameters.put(decode(pair.substring(0, equals)), decode(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    } catch (IllegalArgumentException e) {
      // Its message would repeat a part of the text, and so of the password.
      throw malformed();
    }
  }

  private static IllegalArgumentException malformed() {
    return new IllegalArgumentException(
        "not a database URL: expected postgresql://user:password@host:5432/database, with special"
            + " characters of the password percent-encoded");
  }
}
