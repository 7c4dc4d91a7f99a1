package dev.keygate.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a person reads when a node is ready: where it is, and the next three lines to type. */
record Greeting(
    String gatewayUrl,
    String controlUrl,
    Path dataDir,
    List<String> simulated,
    Optional<FirstStart.Made> made,
    String endpointId) {
  /** How the launcher was called; set by it, so that the lines can be typed as they stand. */
  private static final String COMMAND_PROPERTY = "keygate.command";

  private static final String DEFAULT_CONTROL_URL = "http://127.0.0.1:8081";
  private static final Pattern PLAIN = Pattern.compile("[\\w./@:+-]+");

  void print(PrintWriter out) {
    out.printf("Keygate is ready.%n");
    out.printf("  gateway   %s%n", gatewayUrl);
    out.printf("  control   %s%n", controlUrl);
    out.printf("  data      %s%n", dataDir);
    if (!simulated.isEmpty()) {
      out.printf(
          "  demo      %s %s simulated: answers are made up%n",
          String.join(" and ", simulated), simulated.size() == 1 ? "is" : "are");
    }
    made.ifPresent(key -> {
      out.printf(
          "%nYour management key, shown this once and kept in %s:%n  %s%n",
          dataDir.resolve(FirstStart.TOKEN_FILE), key.token().reveal());
      key.moved()
          .ifPresent(
              file -> out.printf("The key of another database that was there is in %s.%n", file));
    });
    String keys = command() + " api ai-gateway-api-keys";
    out.printf("%nNext, make a gateway key, call the gateway with it, and see it used:%n");
    out.printf(
        "  %s create%s --endpoint-id %s --description \"my first app\"%n",
        keys, where(), endpointId);
    out.printf(
        "  curl %s/v1/chat/completions -H \"Authorization: Bearer $TOKEN\" -H"
            + " \"Content-Type: application/json\" -d '{\"model\":\"gpt-4o\",\"messages\":"
            + "[{\"role\":\"user\",\"content\":\"Hello\"}]}'%n",
        gatewayUrl);
    out.printf("  %s list%s%n", keys, where());
    out.flush();
  }

  private static String command() {
    return System.getProperty(COMMAND_PROPERTY, "keygate");
  }

  /**
   * The flags with which the command line finds this node, where its defaults would not; with
   * another URL it takes the key of a data directory that is named only.
   */
  private String where() {
    boolean isDefaultUrl = controlUrl.equals(DEFAULT_CONTROL_URL);
    StringBuilder flags = new StringBuilder();
    if (!isDefaultUrl) {
      flags.append(" --api-url ").append(controlUrl);
    }
    if (!isDefaultUrl || !isDefaultDataDir()) {
      flags.append(" --data-dir ").append(quoted(dataDir.toString()));
    }
    return flags.toString();
  }

  private boolean isDefaultDataDir() {
    try {
      return dataDir.equals(Path.of(System.getProperty("user.home"), ".keygate").toRealPath());
    } catch (IOException e) {
      // There is no such directory: this one is another.
      return false;
    }
  }

  private static String quoted(String path) {
    return PLAIN.matcher(path).matches() ? path : "'" + path.replace("'", "'\\''") + "'";
  }
}
