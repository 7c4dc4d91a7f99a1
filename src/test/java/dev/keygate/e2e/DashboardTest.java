package dev.keygate.e2e;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.keygate.e2e.DashboardBrowser.follow;
import static dev.keygate.e2e.DashboardBrowser.press;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What people do in the dashboard, in a real browser, in front of a whole Keygate. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DashboardTest {
  private static final Pattern TOKEN = Pattern.compile("ng-[0-9A-Za-z]{16}-g1-[0-9A-Za-z]{38}");

  private RunningKeygate keygate;
  private DashboardBrowser browser;
  private Page page;

  @BeforeAll
  void start(@TempDir Path dataDir) throws IOException {
    DashboardBrowser.assumeInstalled();
    keygate = RunningKeygate.start(dataDir);
    browser = DashboardBrowser.start(keygate);
  }

  @AfterAll
  void stop() {
    if (browser != null) {
      browser.close();
      keygate.close();
    }
  }

  @AfterEach
  void leave() {
    page.context().close();
  }

  @Test
  @Order(1)
  void fromNothingToAFirstRequestAndItsRefusalAfterwards() {
    page = browser.signedIn();
    picture("first-steps");
    follow(page, "Create your first key");
    page.getByLabel("Description").fill("Shop");
    press(page, "Create key");
    Locator shown = page.locator("[data-token]");
    assertThat(shown).hasText(TOKEN);
    String token = shown.innerText();
    picture("token");
    for (String language : new String[] {"Python", "Node", "Java", "curl"}) {
      press(page, language);
      assertThat(page.locator("pre")).containsText(keygate.gatewayUrl() + "/v1");
    }

    assertThat(page.getByText("Waiting for the first request")).isVisible();
    assertThat(keygate.chat(token).statusCode()).isEqualTo(200);
    assertThat(page.getByText("The first request has arrived")).isVisible();
    assertThat(page.getByText("gpt-4o, status 200")).isVisible();
    press(page, "I have kept the token");

    assertThat(page.locator("h1")).hasText("Shop");
    assertThat(page.locator(".facts")).containsText("just now");
    assertThatItIsNowhere(token);
    page.reload();
    assertThat(page.locator("h1")).hasText("Shop");
    assertThatItIsNowhere(token);

    press(page, "Disable");
    assertThat(page.locator(".tag")).hasText("Disabled");
    assertThat(keygate.chat(token).statusCode()).isEqualTo(401);
    press(page, "Enable");
    assertThat(page.locator(".tag")).hasText("Active");
    assertThat(keygate.chat(token).statusCode()).isEqualTo(200);

    press(page, "Delete…");
    assertThat(page.locator("dialog .danger")).isDisabled();
    page.getByLabel("Confirmation").fill("Shop");
    picture("delete");
    page.locator("dialog .danger").click();
    assertThat(page.getByText("Three steps from here")).isVisible();
    follow(page, "Requests");
    assertThat(page.locator("tbody tr")).hasCount(3);
    assertThat(keygate.chat(token).statusCode()).isEqualTo(401);
    assertThat(page.locator("tbody tr")).hasCount(4);
    Locator newest = page.locator("tbody tr").first();
    assertThat(newest.locator(".tag")).hasText("401");
    picture("requests");
    newest.locator("a").first().click();
    assertThat(page.getByText("None that is valid.")).isVisible();
    assertThat(page.getByText("no provider was called")).isVisible();
    page.goBack();
    page.getByLabel("Status").selectOption("2xx");
    assertThat(page.locator("tbody tr")).hasCount(2);
    page.locator("tbody a").first().click();
    assertThat(page.locator(".waterfall li")).hasCount(1);
    assertThat(page.locator(".waterfall")).containsText("openai: gpt-4o");
    picture("request");
    assertThatItIsNowhere(token);
    follow(page, "Overview");
    assertThat(page.locator(".tiles")).containsText("Requests4");
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  @Order(2)
  void aKeyGetsANewTokenAndLimits() {
    RunningKeygate.CreatedKey key =
        keygate.createKey(keygate.defaultEndpointId(), "\"description\":\"Rotated\"");
    page = browser.signedIn();
    follow(page, "API keys");
    page.getByLabel("Search").fill("rotat");
    follow(page, "Rotated");
    press(page, "New token…");
    page.getByLabel("The old token stays good for").selectOption("0s");
    press(page, "Make a new token");
    String token = page.locator("[data-token]").innerText();
    assertThat(keygate.chat(token).statusCode()).isEqualTo(200);
    assertThat(keygate.chat(key.token()).statusCode()).isEqualTo(401);
    press(page, "I have kept the token");
    page.getByText("Limits and metadata").click();
    page.getByLabel("Models").fill("gpt-4o-mini");
    press(page, "Save");
    assertThat(page.getByText("Saved. It is in force.")).isVisible();
    assertThat(keygate.chat(token).statusCode()).isEqualTo(403);
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  @Order(3)
  void aPolicyWithAnErrorIsRefusedWithItsLineAndAGoodOneIsInForce() {
    String token = keygate.createKey().token();
    page = browser.signedIn();
    follow(page, "Endpoints");
    page.locator("td a").first().click();
    Locator text = page.getByLabel("Traffic policy");
    text.fill("on_http_request:\n  - type: ai-gateway\n  - type: denyy\n");
    assertThat(page.locator(".told")).containsText("Line 3");
    assertThat(page.locator(".gutter .bad")).hasText("3");
    assertThat(page.locator("button", new Page.LocatorOptions().setHasText("Review and save")))
        .isDisabled();
    picture("policy-error");
    page.locator(".told button").first().click();
    assertThat(text).isFocused();

    text.fill("on_http_request:\n  - type: custom-response\n    config:\n      stat");
    assertThat(page.getByRole(AriaRole.OPTION)).hasText("status_code:");
    picture("policy-completion");
    text.press("Enter");
    assertThat(text).hasValue(Pattern.compile("config:\n {6}status_code: $"));

    text.fill("on_http_request:\n  - type: ai-gateway\n");
    page.getByText("Try it on example requests").click();
    press(page, "Run them");
    assertThat(page.getByLabel("Report")).containsText("2 of 2 passed");
    picture("policy-tests");

    text.fill("on_http_request:\n  - type: deny\n    config: {status_code: 451}\n");
    assertThat(page.locator(".told .bad")).hasCount(0);
    press(page, "Review and save…");
    assertThat(page.locator(".diff .gone")).containsText("ai-gateway");
    assertThat(page.locator(".diff .new").first()).containsText("deny");
    picture("policy-diff");
    page.locator("dialog .primary").click();
    assertThat(page.getByText("Saved. It is in force.")).isVisible();
    assertThat(keygate.chat(token).statusCode()).isEqualTo(451);

    text.fill("on_http_request:\n  - type: ai-gateway\n");
    press(page, "Review and save…");
    page.locator("dialog .primary").click();
    assertThat(page.getByText("Saved. It is in force.")).isVisible();
    assertThat(browser.complaints).isEmpty();
  }

  @Test
  @Order(4)
  void theManagementKeyIsNowhereInTheBrowserAndScriptsSeeNoCookie() {
    page = browser.signedIn();
    assertThatItIsNowhere(keygate.managementToken());
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
    press(page, "Sign out");
    assertThat(page.getByLabel("Management API key")).isVisible();
    page.reload();
    assertThat(page.getByLabel("Management API key")).isVisible();
  }

  @Test
  @Order(5)
  void aWrongManagementKeyIsRefusedInWords() {
    page = browser.open(375, 740, ColorScheme.LIGHT);
    page.getByLabel("Management API key").fill("kgm_wrong");
    press(page, "Sign in");
    assertThat(page.getByRole(AriaRole.ALERT)).containsText("no management API key");
    picture("sign-in-refused");
  }

  /** Not in the page, not in what it stores, not in an address. */
  private void assertThatItIsNowhere(String secret) {
    assertThat(page.content()).doesNotContain(secret);
    assertThat(page.url()).doesNotContain(secret);
    assertThat(page.evaluate("JSON.stringify([localStorage, sessionStorage, history.state])"))
        .asString()
        .doesNotContain(secret);
    assertThat(page.evaluate("performance.getEntries().map(entry => entry.name).join()"))
        .asString()
        .doesNotContain(secret);
    assertThat(page.evaluate("[...document.querySelectorAll('input')].map(i => i.value).join()"))
        .asString()
        .doesNotContain(secret);
  }

  private void picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setPath(Path.of("target", "dashboard", "doing-" + name + ".png")));
  }
}
