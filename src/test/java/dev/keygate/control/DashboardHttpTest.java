package dev.keygate.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.store.StoreSettings;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboard on the wire: what is served, who is let in, and what another page's call gets. */
class DashboardHttpTest {
  private static final Pattern ASSET = Pattern.compile("assets/[0-9a-f]{16}/[a-z]+\\.[a-z]+");

  private RunningControl control;

  @BeforeEach
  void start(@TempDir Path directory) {
    control = new RunningControl(new StoreSettings.Sqlite(directory.resolve("keygate.db")));
  }

  @AfterEach
  void stop() {
    control.close();
  }

  @Test
  void aBrowserAtTheRootIsLedToTheDashboardAndAProgramIsNot() {
    var browser = send("GET", "/", "accept", "text/html,*/*;q=0.8");
    assertThat(browser.status()).isEqualTo(302);
    assertThat(header(browser, "location")).isEqualTo("/ui/");
    assertThat(send("GET", "/").status()).isEqualTo(401);
    assertThat(send("GET", "/endpoints", "accept", "text/html").status()).isEqualTo(401);
  }

  @Test
  void thePageIsLockedDownAndItsFilesAreKeptForGood() {
    var page = send("GET", "/ui/");
    assertThat(page.status()).isEqualTo(200);
    assertThat(header(page, "content-security-policy"))
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe");
    assertThat(header(page, "x-content-type-options")).isEqualTo("nosniff");
    assertThat(header(page, "referrer-policy")).isEqualTo("no-referrer");
    assertThat(header(page, "cache-control")).isEqualTo("no-cache");
    Matcher assets = ASSET.matcher(page.raw().body());
    int count = 0;
    while (assets.find()) {
      var asset = send("GET", "/ui/" + assets.group());
      assertThat(asset.status()).as(assets.group()).isEqualTo(200);
      assertThat(header(asset, "cache-control")).contains("immutable");
      count++;
    }
    assertThat(count).isGreaterThan(15);
    assertThat(send("GET", "/ui/", "if-none-match", header(page, "etag")).status()).isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/ui/assets/0123456789abcdef/app.js",
        "/ui/assets/../openapi.yaml",
        "/ui/elsewhere",
        "/ui/index.html"
      })
  void whatIsNotServedIsNotThere(String path) {
    assertThat(send("GET", path).status()).isEqualTo(404);
  }

  @Test
  void aManagementKeyIsExchangedForACookieThatScriptsCannotRead() {
    var signedIn = signIn(control.admin);
    assertThat(signedIn.status()).isEqualTo(200);
    assertThat(header(signedIn, "set-cookie"))
        .matches(
            "keygate_session=[0-9A-Za-z]{43}; Path=/ui/; Max-Age=43200; HttpOnly; SameSite=Strict");
    assertThat(signedIn.raw().body()).doesNotContain(control.admin);
    assertThat(signedIn.text("role")).isEqualTo("admin");
    var me = own("GET", "/ui/session", cookie(signedIn));
    assertThat(me.json().path("signed_in").asBoolean(false)).isTrue();
  }

  @Test
  void nobodyIsSignedInWithoutAManagementKey() {
    assertThat(signIn("kgm_wrong").status()).isEqualTo(401);
    var nobody = own("GET", "/ui/session", "keygate_session=made-up");
    assertThat(nobody.status()).isEqualTo(200);
    assertThat(nobody.json().path("signed_in").asBoolean(true)).isFalse();
    assertThat(own("GET", "/ui/api/endpoints", "keygate_session=made-up").code())
        .isEqualTo("ERR_KEYGATE_NO_SESSION");
  }

  @Test
  void theCookieWorksBelowTheDashboardAlone() {
    String cookie = cookie(signIn(control.admin));
    assertThat(own("GET", "/ui/api/endpoints", cookie).status()).isEqualTo(200);
    assertThat(own("GET", "/endpoints", cookie).status()).isEqualTo(401);
  }

  @Test
  void aBearerTokenDoesNotWorkInPlaceOfTheCookie() {
    assertThat(
            send(
                    "GET",
                    "/ui/api/endpoints",
                    SameOrigin.HEADER,
                    "1",
                    "authorization",
                    "Bearer " + control.admin)
                .status())
        .isEqualTo(401);
  }

  @Test
  void theRoleOfTheKeyApplies() {
    String cookie = cookie(signIn(control.managementKey(Role.VIEWER)));
    assertThat(own("GET", "/ui/api/endpoints", cookie).status()).isEqualTo(200);
    assertThat(own("POST", "/ui/api/vaults", cookie).code()).isEqualTo("ERR_KEYGATE_ROLE");
    assertThat(own("GET", "/ui/session", cookie).json().path("operations").toString())
        .contains("endpoints.list")
        .doesNotContain("endpoints.create", "\"api_keys.list");
  }

  @Test
  void aSessionEndsWithItsKeyAndWithItsRole() {
    String made = control.post("/api_keys", RunningControl.body("role", "editor")).text("token");
    String id = control.get("/api_keys?limit=1").json().at("/keys/0/id").asString();
    String cookie = cookie(signIn(made));
    control.patch("/api_keys/" + id, RunningControl.body("role", "admin"));
    assertThat(own("GET", "/ui/api/endpoints", cookie).status()).isEqualTo(401);
    String again = cookie(signIn(made));
    assertThat(own("GET", "/ui/api/endpoints", again).status()).isEqualTo(200);
    control.delete("/api_keys/" + id);
    assertThat(own("GET", "/ui/api/endpoints", again).status()).isEqualTo(401);
  }

  @Test
  void aSessionEndsWhenItIsNotUsedAndInAnyCaseInTheEnd() {
    String idle = cookie(signIn(control.admin));
    control.now = control.now.plus(DashboardSessions.IDLE);
    assertThat(own("GET", "/ui/api/endpoints", idle).status()).isEqualTo(401);
    String busy = cookie(signIn(control.admin));
    var end = control.now.plus(DashboardSessions.LONGEST);
    while (control.now.isBefore(end)) {
      assertThat(own("GET", "/ui/api/endpoints", busy).status()).isEqualTo(200);
      control.now = control.now.plus(Duration.ofMinutes(30));
    }
    assertThat(own("GET", "/ui/api/endpoints", busy).status()).isEqualTo(401);
  }

  @Test
  void signingOutEndsTheSessionOnTheServer() {
    String cookie = cookie(signIn(control.admin));
    assertThat(own("DELETE", "/ui/session", cookie).status()).isEqualTo(204);
    assertThat(own("GET", "/ui/api/endpoints", cookie).status()).isEqualTo(401);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cross-site", "same-site", "none"})
  void anotherPagesCallIsRefusedByWhereItComesFrom(String site) {
    String cookie = cookie(signIn(control.admin));
    var refused =
        send(
            "DELETE",
            "/ui/session",
            "cookie",
            cookie,
            SameOrigin.HEADER,
            "1",
            "sec-fetch-site",
            site);
    assertThat(refused.code()).isEqualTo("ERR_KEYGATE_NOT_SAME_ORIGIN");
    assertThat(own("GET", "/ui/api/endpoints", cookie).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"})
  void anotherOriginsCallIsRefused(String origin) {
    String cookie = cookie(signIn(control.admin));
    assertThat(
            send(
                    "POST",
                    "/ui/api/vaults",
                    "cookie",
                    cookie,
                    SameOrigin.HEADER,
                    "1",
                    "origin",
                    origin)
                .code())
        .isEqualTo("ERR_KEYGATE_NOT_SAME_ORIGIN");
  }

  @Test
  void aCallThatAFormCouldMakeIsRefused() {
    String cookie = cookie(signIn(control.admin));
    String own = "http://127.0.0.1:" + control.port;
    assertThat(send("POST", "/ui/api/vaults", "cookie", cookie, "origin", own).code())
        .isEqualTo("ERR_KEYGATE_NOT_SAME_ORIGIN");
    assertThat(send("POST", "/ui/api/vaults", "cookie", cookie, SameOrigin.HEADER, "1").code())
        .isEqualTo("ERR_KEYGATE_NOT_SAME_ORIGIN");
    assertThat(send("GET", "/ui/api/vaults", "cookie", cookie).code())
        .isEqualTo("ERR_KEYGATE_NOT_SAME_ORIGIN");
  }

  @Test
  void oneKeyHoldsSoManySessionsAndTheOldestGivesWay() {
    List<String> cookies = new ArrayList<>();
    for (int i = 0; i <= DashboardSessions.MOST_OF_ONE_KEY; i++) {
      cookies.add(cookie(signIn(control.admin)));
    }
    assertThat(own("GET", "/ui/api/endpoints", cookies.getFirst()).status()).isEqualTo(401);
    assertThat(own("GET", "/ui/api/endpoints", cookies.get(1)).status()).isEqualTo(200);
    assertThat(own("GET", "/ui/api/endpoints", cookies.getLast()).status()).isEqualTo(200);
  }

  @Test
  void whatWasChangedIsListedNewestFirstAndFound() {
    String id = control.endpoint("https://audited.example.com");
    control.patch("/endpoints/" + id, RunningControl.body("description", "new"));
    var events = control.get("/audit_events?limit=2");
    assertThat(events.json().at("/audit_events/0/action").asString()).isEqualTo("update");
    assertThat(events.json().at("/audit_events/0/after/description").asString()).isEqualTo("new");
    assertThat(events.json().at("/audit_events/0/before/description").asString()).isEmpty();
    assertThat(events.json().at("/audit_events/1/before").isNull()).isTrue();
    String filter =
        RunningControl.encoded("obj.action == 'create' && obj.resource_id == '" + id + "'");
    assertThat(control.get("/audit_events?filter=" + filter).json().path("audit_events").size())
        .isEqualTo(1);
  }

  @Test
  void aPolicyIsCheckedWithoutBeingSaved() {
    var broken = control.post("/policy_checks", RunningControl.body("traffic_policy", "broken"));
    assertThat(broken.status()).isEqualTo(200);
    assertThat(broken.json().toString())
        .isEqualTo(
            "{\"valid\":false,\"problems\":[\"line 1, column 1: it is broken\"],\"warnings\":[]}");
    var fine = control.post("/policy_checks", RunningControl.body("traffic_policy", "{}"));
    assertThat(fine.json().path("valid").asBoolean(false)).isTrue();
    assertThat(control.post("/policy_checks", "{}").status()).isEqualTo(400);
  }

  private RunningControl.Answered signIn(String key) {
    return send(
        "POST",
        "/ui/session",
        SameOrigin.HEADER,
        "1",
        "sec-fetch-site",
        "same-origin",
        "authorization",
        "Bearer " + key);
  }

  /** A call as the dashboard's own page makes it. */
  private RunningControl.Answered own(String method, String path, String cookie) {
    return send(
        method,
        path,
        "cookie",
        cookie,
        SameOrigin.HEADER,
        "1",
        "sec-fetch-site",
        "same-origin",
        "origin",
        "http://127.0.0.1:" + control.port);
  }

  private RunningControl.Answered send(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + control.port + path))
            .timeout(Duration.ofSeconds(20))
            .method(method, BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return control.send(request.build());
  }

  private static String cookie(RunningControl.Answered signedIn) {
    return header(signedIn, "set-cookie").split(";", 2)[0];
  }

  private static String header(RunningControl.Answered answered, String name) {
    return answered.raw().headers().firstValue(name).orElse("");
  }
}
