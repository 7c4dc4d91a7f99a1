package dev.keygate.control;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The dashboard's files, read once: one page and the modules it loads. Their path holds a hash over
 * all of them, so that browsers may keep them for good and never mix two versions. Immutable.
 */
final class DashboardAssets {
  private static final String PREACT = "/META-INF/resources/webjars/preact/10.28.0/";
  private static final int HASH_LENGTH = 16;

  /** In the order in which they are asked for. */
  private static final List<String> MODULES =
      List.of(
          "app.js",
          "api.js",
          "html.js",
          "form.js",
          "dialog.js",
          "listing.js",
          "signin.js",
          "overview.js",
          "chart.js",
          "names.js",
          "requests.js",
          "request.js",
          "models.js",
          "keys.js",
          "key.js",
          "keyform.js",
          "newkey.js",
          "firststeps.js",
          "endpoints.js",
          "endpoint.js",
          "policy.js",
          "diff.js",
          "completion.js",
          "policytests.js",
          "providerkeys.js",
          "vaults.js",
          "ippolicies.js",
          "audit.js",
          "settings.js");

  private final Map<String, String> files = new LinkedHashMap<>();
  private final String hash;
  private final String page;

  private DashboardAssets() throws IOException {
    files.put("dashboard.css", own("dashboard.css"));
    files.put("icon.svg", own("icon.svg"));
    files.put("preact.js", library("dist/preact.module.js"));
    // A bare module name would need an import map, which is an inline script.
    files.put(
        "hooks.js",
        library("hooks/dist/hooks.module.js").replace("from\"preact\"", "from\"./preact.js\""));
    for (String module : MODULES) {
      files.put(module, own(module));
    }
    hash = hash(files);
    page =
        own("index.html")
            .replace("{{assets}}", "assets/" + hash)
            .replace(
                "{{modules}}",
                files.keySet().stream()
                    .filter(name -> name.endsWith(".js"))
                    .map(name ->
                        "<link rel=\"modulepreload\" href=\"assets/%s/%s\">".formatted(hash, name))
                    .collect(Collectors.joining("\n")));
  }

  /** Those packed with the program. */
  static DashboardAssets load() {
    try {
      return new DashboardAssets();
    } catch (IOException e) {
      throw new IllegalStateException("the dashboard's files cannot be read", e);
    }
  }

  String page() {
    return page;
  }

  /** Changes with any of the files. */
  String hash() {
    return hash;
  }

  /** A file by what stands after {@code assets/} in its path. */
  Optional<Reply> file(String path) {
    if (!path.startsWith(hash + "/")) {
      return Optional.empty();
    }
    String name = path.substring(hash.length() + 1);
    return Optional.ofNullable(files.get(name)).map(text -> Reply.of(200, type(name), text));
  }

  private static String type(String name) {
    String kind =
        switch (name.substring(name.lastIndexOf('.') + 1)) {
          case "js" -> "text/javascript";
          case "css" -> "text/css";
          default -> "image/svg+xml";
        };
    return kind + "; charset=utf-8";
  }

  private static String own(String name) throws IOException {
    return read("dashboard/" + name);
  }

  /** Without the last line's pointer to a source map, which is not served. */
  private static String library(String name) throws IOException {
    return read(PREACT + name).replaceAll("(?m)^//# sourceMappingURL=.*$", "");
  }

  private static String read(String resource) throws IOException {
    try (InputStream in = DashboardAssets.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("there is no " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String hash(Map<String, String> files) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach((name, text) -> {
        digest.update((name + "\n" + text.length() + "\n").getBytes(StandardCharsets.UTF_8));
        digest.update(text.getBytes(StandardCharsets.UTF_8));
      });
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
