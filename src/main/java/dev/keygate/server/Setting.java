package dev.keygate.server;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be configured. Each setting has one name, which is its key in {@code
 * keygate.yaml}, its flag ({@code --name}) and its environment variable ({@code KEYGATE_NAME}).
 * Help texts and the reference page are made from this table.
 */
public enum Setting {
  LISTEN("HOST:PORT", "0.0.0.0:8080", "Where applications call the gateway."),
  CONTROL_LISTEN(
      "HOST:PORT",
      "127.0.0.1:8081",
      "Where the control API is served. Beyond loopback it needs control-tls-cert or"
          + " insecure-control."),
  INSECURE_CONTROL(
      "true|false",
      "false",
      "Serve the control API in clear text beyond loopback, for example behind a TLS proxy."),
  CONTROL_TLS_CERT("FILE", "", "PEM certificate chain of the control listener."),
  CONTROL_TLS_KEY("FILE", "", "PEM private key of the control listener."),
  CONTROL_URL(
      "URL",
      "",
      "Public URL of the control API, for the links in its answers. Default: the host that was"
          + " called."),
  DATA_DIR("DIR", "~/.keygate", "Where database, master key and first management key are kept."),
  DATABASE_URL(
      "URL",
      "",
      "postgresql://user:password@host/database. Default: SQLite in the data directory."),
  REDIS_URL(
      "URL",
      "",
      "redis://[:password@]host:port: rate limits are counted there, for all nodes that use it."
          + " Default: by each node for itself."),
  WITHOUT_REDIS(
      "local|deny",
      "local",
      "While Redis does not answer, each node holds its share of a limit (local), or what is limited"
          + " is refused (deny)."),
  TLS_CERT("FILE", "", "PEM certificate chain of the gateway listener; read anew when it changes."),
  TLS_KEY("FILE", "", "PEM private key of the gateway listener; read anew when it changes."),
  TRUSTED_PROXIES(
      "CIDR,…",
      "",
      "Addresses of proxies in front of the gateway. Only from them X-Forwarded-For is read; the"
          + " last address in it that is not theirs is the client's. In keygate.yaml a list."),
  PROXY_PROTOCOL(
      "off|required",
      "off",
      "Whether trusted-proxies begin each connection with a PROXY protocol header, version 1 or 2"
          + " (required). From others it is never read."),
  EVENT_LOOPS("COUNT", "0", "Threads that serve requests. 0: one for each processor."),
  MAX_BODY("SIZE", "32MiB", "Largest request body; beyond it 413."),
  MAX_BUFFERED(
      "SIZE",
      "256MiB",
      "Memory for the bodies of all requests under way, and for answers that rules or a translation"
          + " read whole; beyond it 503."),
  MAX_HEADER_BYTES("SIZE", "32KiB", "Largest request head; beyond it 431."),
  MAX_HEADER_LINES("COUNT", "100", "Most header lines of a request; beyond it 431."),
  REQUEST_TIMEOUT("DURATION", "30s", "Longest wait for the rest of a request; beyond it 408."),
  IDLE_TIMEOUT(
      "DURATION",
      "5m",
      "How long a connection may be silent, or its client not read, before it is closed."),
  DRAIN_TIMEOUT("DURATION", "30s", "How long open answers may go on after a stop was asked for."),
  MAX_KEY_AGE(
      "DURATION",
      "60s",
      "How long keys are accepted from memory while the database does not answer."),
  REQUEST_RETENTION(
      "DURATION",
      "720h",
      "How long single requests are remembered. Sums of days are for 400 days."),
  PROVIDER_URLS(
      "ID=URL,…",
      "",
      "Base URLs that replace those of built-in providers, for proxies and tests. In keygate.yaml a"
          + " mapping of id to URL."),
  MODELS_FILE(
      "FILE",
      "",
      "Providers and models beside and in place of the built-in ones, as docs/models.md describes"
          + " them; read anew when it changes."),
  UPSTREAM_CA("FILE", "", "PEM certificates to trust for providers, besides the usual ones."),
  LOG_LEVEL("LEVEL", "info", "error, warn, info or debug."),
  LOG_FORMAT("text|json", "text", "Form of log lines on standard error."),
  DEMO(
      "true|false",
      "false",
      "Start a simulated provider and use it for OpenAI and Anthropic where no key is set.");

  private final String placeholder;
  private final String fallback;
  private final String description;

  Setting(String placeholder, String fallback, String description) {
    this.placeholder = placeholder;
    this.fallback = fallback;
    this.description = description;
  }

  /** The setting with this name, or null. */
  static @Nullable Setting ofKey(String key) {
    for (Setting setting : values()) {
      if (setting.key().equals(key)) {
        return setting;
      }
    }
    return null;
  }

  /** Key in {@code keygate.yaml}: {@code control-listen}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Flag of {@code keygate serve}: {@code --control-listen}. */
  public String flag() {
    return "--" + key();
  }

  /** Environment variable: {@code KEYGATE_CONTROL_LISTEN}. */
  public String variable() {
    return "KEYGATE_" + name();
  }

  /** What a value looks like. */
  public String placeholder() {
    return placeholder;
  }

  /** The value where none is given; empty for none. */
  public String fallback() {
    return fallback;
  }

  /** One sentence or two for people. */
  public String description() {
    return description;
  }

  /** Whether {@code --name} alone means true. */
  public boolean isSwitch() {
    return placeholder.equals("true|false");
  }
}
