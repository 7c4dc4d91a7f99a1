package dev.keygate.cli;

import dev.keygate.secret.Secret;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/**
 * The control API that a command talks to: where it is and with which management key.
 *
 * @param url without a slash at its end
 * @param keyOrigin where the key comes from, for messages
 */
record ApiServer(String url, Secret key, String keyOrigin) {
  static final String DEFAULT_URL = "http://127.0.0.1:8081";
  static final String URL_VARIABLE = "KEYGATE_API_URL";
  static final String KEY_VARIABLE = "KEYGATE_API_KEY";
  static final String DATA_DIR_VARIABLE = "KEYGATE_DATA_DIR";

  private static final String KEY_FILE = "management-key";
  private static final Pattern PRINTABLE = Pattern.compile("[!-~]+");
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  /** Beyond {@code --max-key-age} and 2 s, which a change may wait for a node that died. */
  static final Duration TIMEOUT = Duration.ofMinutes(2);

  /** What came back. */
  record Reply(int status, String body) {}

  /**
   * A stored profile, when one is asked for, or when there is a default one and nothing else says
   * where to go; else as {@link #find(Surroundings, Optional, Optional, Optional)} has it.
   */
  static ApiServer find(
      Surroundings around,
      Optional<String> profile,
      Optional<String> url,
      Optional<String> key,
      Optional<String> dataDir) {
    Optional<String> asked = Profile.asked(around, profile);
    boolean isElsewhere =
        url.isPresent()
            || key.isPresent()
            || dataDir.isPresent()
            || Stream.of(URL_VARIABLE, KEY_VARIABLE, DATA_DIR_VARIABLE)
                .anyMatch(name -> around.variable(name).isPresent());
    if (profile.isEmpty() && isElsewhere) {
      return find(around, url, key, dataDir);
    }
    String name = asked.orElse(Profile.DEFAULT);
    Optional<Profile> stored = Profile.read(around, name);
    if (stored.isEmpty() && asked.isPresent()) {
      throw new CommandFailedException(
          "There is no profile " + name + ": make it with `keygate login --url … --profile …`.");
    }
    return stored
        .map(one ->
            new ApiServer(base(one.url()), checked(one.key().reveal(), one.origin()), one.origin()))
        .orElseGet(() -> find(around, url, key, dataDir));
  }

  /**
   * From flags, then variables, then the file that the server on this machine wrote. That one is
   * sent to this machine only, unless it is asked for.
   *
   * @param url {@code --api-url}
   * @param key {@code --api-key}
   * @param dataDir {@code --data-dir}
   */
  static ApiServer find(
      Surroundings around, Optional<String> url, Optional<String> key, Optional<String> dataDir) {
    String base = base(url.or(() -> around.variable(URL_VARIABLE)).orElse(DEFAULT_URL));
    if (key.isPresent()) {
      return new ApiServer(base, checked(key.get(), "--api-key"), "--api-key");
    }
    Optional<String> variable = around.variable(KEY_VARIABLE);
    if (dataDir.isEmpty() && variable.isPresent()) {
      return new ApiServer(base, checked(variable.get(), KEY_VARIABLE), KEY_VARIABLE);
    }
    if (dataDir.isEmpty() && !isThisMachine(base)) {
      throw new CommandFailedException(
          "The management key in this machine's data directory is not sent to "
              + base
              + ".\nGive its own key in "
              + KEY_VARIABLE
              + ", or begin with `keygate login`; if it is the server of this machine, say so with"
              + " --data-dir.");
    }
    Optional<String> directory = dataDir.or(() -> around.variable(DATA_DIR_VARIABLE));
    Path file =
        directory
            .map(text -> directory(around, text))
            .orElse(around.home().resolve(".keygate"))
            .resolve(KEY_FILE);
    return new ApiServer(base, checked(read(file), file.toString()), file.toString());
  }

  private static boolean isThisMachine(String url) {
    String host = URI.create(url).getHost();
    try {
      return host.equalsIgnoreCase("localhost") || InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      // A name that the network resolves as it likes.
      return false;
    }
  }

  private static Path directory(Surroundings around, String text) {
    return text.equals("~") || text.startsWith("~/")
        ? around.home().resolve(text.substring(1).replaceFirst("^/+", ""))
        : Path.of(text);
  }

  /** Never repeats a URL that holds a password. */
  private static String base(String text) {
    try {
      URI uri = new URI(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null && uri.getQuery() == null) {
        return text.replaceFirst("/+$", "");
      }
    } catch (URISyntaxException e) {
      // Told below, in the same words as a URL of another kind.
    }
    throw new CommandFailedException(
        "the URL of the control API (--api-url or "
            + URL_VARIABLE
            + ") is not one: expected http://HOST:PORT or https://HOST:PORT, without user name");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new CommandFailedException(
          "There is no management key in "
              + file
              + ".\n"
              + "`keygate serve` writes it at its first start. If it runs with another --data-dir,"
              + " give the same here; from another machine give a key in "
              + KEY_VARIABLE
              + ".");
    } catch (IOException e) {
      throw new CommandFailedException(
          "The management key in "
              + file
              + " cannot be read: its owner is who started the server. Run this command as the same"
              + " user, or give a key in "
              + KEY_VARIABLE
              + ".");
    }
  }

  private static Secret checked(String text, String origin) {
    String key = text.strip();
    if (!PRINTABLE.matcher(key).matches()) {
      throw new CommandFailedException(
          "What "
              + origin
              + " holds is no management key: expected kgm_ and letters and digits, on one line");
    }
    return Secret.of(key);
  }

  /**
   * Sends one call and waits for its answer.
   *
   * @param target path and query, encoded
   * @param body JSON, or empty for none
   * @throws CommandFailedException when there is no answer, saying what would help
   */
  Reply send(String method, String target, Map<String, String> headers, String body) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.put("Authorization", "Bearer " + key.reveal());
    if (!body.isEmpty()) {
      all.put("Content-Type", "application/json");
    }
    URI uri = URI.create(url + target);
    try {
      return url.startsWith("http://")
          ? PlainHttp.send(uri, method, all, body, CONNECT_TIMEOUT, TIMEOUT)
          : sendEncrypted(uri, method, all, body);
    } catch (IOException | UnresolvedAddressException e) {
      throw new CommandFailedException(noAnswer(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailedException("interrupted");
    }
  }

  private static Reply sendEncrypted(
      URI uri, String method, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    try (HttpClient client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build()) {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri)
              .timeout(TIMEOUT)
              .method(
                  method,
                  body.isEmpty()
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofString(body));
      headers.forEach(request::header);
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body());
    }
  }

  private String tooLong() {
    return "Keygate at " + url + " took too long: no answer in " + TIMEOUT.toSeconds() + " s.";
  }

  private String notReached() {
    return "Keygate does not answer at "
        + url
        + ".\n"
        + "Start it with `keygate serve`; if it runs elsewhere, say where with --api-url or "
        + URL_VARIABLE
        + ".";
  }

  private String noAnswer(Exception failure) {
    return switch (failure) {
      case HttpTimeoutException timeout -> tooLong();
      case SocketTimeoutException timeout -> tooLong();
      case ConnectException refused -> notReached();
      case UnknownHostException unknown -> notReached();
      case NoRouteToHostException away -> notReached();
      case SSLException tls ->
          "No TLS connection to "
              + url
              + ": "
              + tls.getMessage()
              + ".\nIs it https:// there, with a"
              + " certificate that this machine trusts?";
      default ->
          "What listens at "
              + url
              + " does not answer as Keygate does. Is it the control API's"
              + " address, and does it speak "
              + url.substring(0, url.indexOf(':'))
              + "://?";
    };
  }
}
