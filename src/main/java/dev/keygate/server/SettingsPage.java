package dev.keygate.server;

/** The reference page of all settings, docs/configuration.md, made from {@link Setting}. */
final class SettingsPage {
  private static final String HEAD =
      """
      # Configuration

      Nothing has to be configured. Values come from defaults, then `keygate.yaml` in the working directory (or the file named
      by `--config` or `KEYGATE_CONFIG`), then `KEYGATE_*` environment variables, then flags; the last one wins. Unknown names
      are errors. All problems are reported at once, and the exit code is then 2.

          # keygate.yaml
          listen: 0.0.0.0:8443
          tls-cert: /etc/keygate/cert.pem
          tls-key: /etc/keygate/key.pem
          provider-urls:
            openai: https://egress.example.com/v1

      | key | flag | variable | value | default | what |
      |---|---|---|---|---|---|
      """;

  private static final String TAIL =
      """

      Sizes are bytes or `KiB`, `MiB`, `GiB`; durations are `ms`, `s`, `m` or `h`.

      Beside the settings, these variables are read:

      | variable | what |
      |---|---|
      | `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, … | provider keys for the whole gateway, one variable for each built-in provider: its id in upper case, `-` as `_`, and `_API_KEY` |
      | `KEYGATE_MASTER_KEY` | base64 of the 32 bytes under which stored secrets are encrypted, in place of the `master-key` file in the data directory |
      | `KEYGATE_JAVA_OPTS` | further options for the Java virtual machine, for example `-Xmx2g` |
      """;

  private SettingsPage() {}

  static String markdown() {
    StringBuilder page = new StringBuilder(HEAD);
    for (Setting setting : Setting.values()) {
      page.append(
          "| `%s` | `%s` | `%s` | `%s` | %s | %s |\n"
              .formatted(
                  setting.key(),
                  setting.flag(),
                  setting.variable(),
                  setting.placeholder().replace("|", "\\|"),
                  setting.fallback().isEmpty() ? "" : "`" + setting.fallback() + "`",
                  setting.description()));
    }
    return page.append(TAIL).toString();
  }
}
