package dev.keygate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * Every page of the dashboard: it fits its window, can be used without eyes or mouse, and complains
 * of nothing. Pictures of all are left in {@code target/dashboard}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DashboardPagesTest {
  private static final Path PICTURES = Path.of("target", "dashboard");
  private static final String AXE = axe();
  private static final long MOST_BYTES = 300_000;

  private final Map<String, String> pages = new LinkedHashMap<>();
  private RunningKeygate keygate;
  private DashboardBrowser browser;

  @BeforeAll
  void start(@TempDir Path dataDir) throws IOException {
    DashboardBrowser.assumeInstalled();
    keygate = RunningKeygate.start(dataDir);
    browser = DashboardBrowser.start(keygate);
    String endpoint = keygate.defaultEndpointId();
    RunningKeygate.CreatedKey used =
        keygate.createKey(
            endpoint,
            "\"description\":\"Production web app\",\"requests_per_minute\":600,"
                + "\"provider_keys\":[{\"provider_id\":\"openai\",\"value\":\"sk-example-0123\"}]");
    keygate.createKey(endpoint, "\"description\":\"Batch jobs of the night\",\"disabled\":true");
    keygate.createKey(endpoint, "");
    for (int i = 0; i < 4; i++) {
      keygate.chat(used.token());
    }
    keygate.chat("no-key");
    keygate.gateway(
        "/v1/chat/completions",
        RunningKeygate.chatBody("openai:sim-status-500", "Hello")
            .replace("{\"model", "{\"models\":[\"gpt-4o\"],\"model"),
        "Authorization",
        "Bearer " + used.token());
    create(
        "ai_gateway_provider_keys", "{\"provider_id\":\"openai\",\"value\":\"sk-abcdefghijklm\"}");
    String vault = create("vaults", "{\"name\":\"production\",\"description\":\"Tokens\"}");
    create(
        "vault_secrets",
        "{\"vault_id\":\"" + vault + "\",\"name\":\"signing\",\"value\":\"not a secret\"}");
    String policy = create("ip_policies", "{\"description\":\"Office network\"}");
    create(
        "ip_policy_rules",
        "{\"ip_policy_id\":\""
            + policy
            + "\",\"cidr\":\"203.0.113.0/24\",\"description\":\"LAN\"}");
    pages.put("overview", "overview");
    pages.put("requests", "requests");
    pages.put("request", "requests/" + newestRequest());
    pages.put("models", "models");
    pages.put("keys", "keys");
    pages.put("key", "keys/" + used.id());
    pages.put("new-key", "keys/new");
    pages.put("endpoints", "endpoints");
    pages.put("endpoint", "endpoints/" + endpoint);
    pages.put("provider-keys", "provider-keys");
    pages.put("vaults", "vaults");
    pages.put("vault", "vaults/" + vault);
    pages.put("ip-policies", "ip-policies");
    pages.put("ip-policy", "ip-policies/" + policy);
    pages.put("audit", "audit");
    pages.put("settings", "settings");
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
      keygate.close();
    }
  }

  @ParameterizedTest
  @CsvSource({"1440, LIGHT", "1440, DARK", "375, LIGHT", "375, DARK"})
  void everyPageFitsAndCanBeUsedByAnybody(int width, ColorScheme scheme) {
    String name = "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT) + ".png";
    Page page = browser.open(width, width > 400 ? 900 : 740, scheme);
    page.getByLabel("Management API key").waitFor();
    look(page, "sign-in" + name);
    browser.signIn(page);
    List<String> findings = new ArrayList<>();
    pages.forEach((picture, address) -> {
      page.navigate(browser.url() + "ui/#/" + address);
      page.locator("main h1").waitFor();
      page.waitForCondition(() -> page.locator(".loading").count() == 0);
      look(page, picture + name);
      assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
          .as(picture + " fits " + width)
          .isEqualTo(true);
      if ((width > 400) == (scheme == ColorScheme.LIGHT)) {
        seriousFindings(page).forEach(finding -> findings.add(picture + ": " + finding));
      }
    });
    assertThat(findings).isEmpty();
    page.context().close();
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  void theFirstVisitIsSmallAndHoldsStill() {
    Page page = browser.open();
    browser.signIn(page);
    page.locator(".scroll table").first().waitFor();
    Object bytes =
        page.evaluate(
            "[...performance.getEntriesByType('navigation'),"
                + " ...performance.getEntriesByType('resource')]"
                + ".reduce((sum, entry) => sum + entry.transferSize, 0)");
    Object shifts =
        page.evaluate(
            "new Promise(told => { let sum = 0; new PerformanceObserver(list =>"
                + " list.getEntries().forEach(entry => { sum += entry.value; }))"
                + ".observe({type: 'layout-shift', buffered: true});"
                + " requestAnimationFrame(() => setTimeout(() => told(sum), 50)); })");
    assertThat(((Number) bytes).longValue()).isBetween(10_000L, MOST_BYTES);
    assertThat(((Number) shifts).doubleValue()).isLessThan(0.01);
    page.context().close();
  }

  /** The last request's id, once it is remembered. */
  private String newestRequest() {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < end) {
      JsonNode found = keygate.controlJson("GET", "/requests?limit=6", "").get("requests");
      if (found.size() == 6) {
        return found.get(0).get("id").asString();
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("the requests are not remembered");
  }

  private String create(String collection, String body) {
    return keygate.controlJson("POST", "/" + collection, body).get("id").asString();
  }

  private static void look(Page page, String name) {
    page.screenshot(new Page.ScreenshotOptions().setPath(PICTURES.resolve(name)).setFullPage(true));
  }

  /** What axe-core calls serious or critical, each with the first place where it is so. */
  private static List<String> seriousFindings(Page page) {
    page.evaluate(AXE);
    List<?> found =
        (List<?>)
            page.evaluate(
                "axe.run(document, {resultTypes: ['violations']}).then(found => found.violations"
                    + ".filter(rule => ['serious', 'critical'].includes(rule.impact))"
                    + ".map(rule => `${rule.id} at ${rule.nodes[0].html}`))");
    return found.stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream in = DashboardPagesTest.class.getResourceAsStream("/axe.min.js")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
