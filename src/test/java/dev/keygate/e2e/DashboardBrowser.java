package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Chromium, without a window, in front of the dashboard. Where it is not installed the tests are
 * skipped, and say so; where {@code CI} is set they fail instead.
 */
final class DashboardBrowser implements AutoCloseable {
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
  private static final double PATIENCE_MILLIS = 15_000;
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  /** What the browser's console showed as errors, and what the network refused to load. */
  final List<String> complaints = new CopyOnWriteArrayList<>();

  private final Playwright playwright;
  private final Browser browser;
  private final RunningKeygate keygate;

  private DashboardBrowser(RunningKeygate keygate) {
    this.keygate = keygate;
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(CHROMIUM)
                    .setHeadless(true)
                    .setArgs(FLAGS));
  }

  static DashboardBrowser start(RunningKeygate keygate) {
    return new DashboardBrowser(keygate);
  }

  /** Skips, aloud, where there is no browser; fails where there must be one. */
  static void assumeInstalled() {
    if (!Files.isExecutable(CHROMIUM)) {
      assertThat(System.getenv("CI")).as(CHROMIUM + " must be installed in CI").isNull();
      assumeTrue(false, CHROMIUM + " is not installed: the dashboard is not tried");
    }
  }

  /** A browser of its own, so wide, in light or dark. */
  Page open(int width, int height, ColorScheme scheme) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(scheme)
                .setLocale("en-GB")
                .setPermissions(List.of("clipboard-read", "clipboard-write")));
    context.setDefaultTimeout(PATIENCE_MILLIS);
    Page page = context.newPage();
    page.onConsoleMessage(message -> {
      if (message.type().equals("error") || message.type().equals("warning")) {
        complaints.add(message.text());
      }
    });
    page.onPageError(complaints::add);
    page.navigate(url());
    return page;
  }

  Page open() {
    return open(1440, 900, ColorScheme.LIGHT);
  }

  Page signedIn() {
    Page page = open();
    signIn(page);
    return page;
  }

  void signIn(Page page) {
    page.getByLabel("Management API key").fill(keygate.managementToken());
    press(page, "Sign in");
    page.getByRole(AriaRole.NAVIGATION).waitFor();
  }

  String url() {
    // Browsers take "localhost" for trustworthy, as people's do.
    return "http://localhost:" + keygate.server.controlPort() + "/";
  }

  static void press(Page page, String name) {
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true))
        .click();
  }

  static void follow(Page page, String name) {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName(name).setExact(true)).click();
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
