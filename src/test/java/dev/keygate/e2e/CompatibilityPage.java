package dev.keygate.e2e;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** docs/compatibility.md, made from what the suites found. */
final class CompatibilityPage {
  private static final String HEAD =
      """
      # Compatibility

      Which published clients work against Keygate unchanged but for base URL and key. Every entry is a case of the suites in
      `clients/`, run by `./mvnw verify` where the language is installed; the Java clients are run always. The control API is
      driven by ngrok's Python client, and where its sources are at hand by its Go client, unchanged: `NGROK_API_GO=… ./mvnw verify`.
      That was last done on 2026-11-28 with ngrok-api-go v8 at revision aed5dfce: endpoints, AI gateway API keys (several pages and
      error codes, too), API keys, vaults and secrets, IP policies and rules; each created, read, changed, listed and deleted.

      | client | version | what was tried |
      |---|---|---|
      """;

  private CompatibilityPage() {}

  static String markdown(List<ClientSuite.Result> results) {
    Map<String, List<ClientSuite.Result>> byClient =
        results.stream()
            .collect(
                Collectors.groupingBy(
                    result -> "| %s | %s |".formatted(result.client(), version(result)),
                    TreeMap::new,
                    Collectors.toList()));
    Map<String, String> rows = new LinkedHashMap<>();
    byClient.forEach((client, found) ->
        rows.put(
            client,
            found.stream()
                .map(one -> one.isOk() ? one.what() : "**not** " + one.what())
                .collect(Collectors.joining("; "))));
    StringBuilder page = new StringBuilder(HEAD);
    rows.forEach((client, what) -> page.append(client).append(' ').append(what).append(" |\n"));
    return page.toString();
  }

  /** Tools come with the machine; the versions of libraries are pinned. */
  private static String version(ClientSuite.Result result) {
    return result.client().equals("curl") ? "the machine's" : result.version();
  }
}
