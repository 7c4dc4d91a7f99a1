package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.EventLoop;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With addresses for hosts, which are found at once. */
class RoutesTest {
  private static final BaseUrl URL = BaseUrl.parse("http://127.0.0.1:9000");
  private static final BaseUrl FORBIDDEN = BaseUrl.parse("http://169.254.169.254");

  private final AtomicLong now = new AtomicLong();
  private Vertx vertx;
  private Routes routes;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
    EventLoop loop = ((ContextInternal) vertx.getOrCreateContext()).nettyEventLoop();
    routes = new Routes(loop, ((VertxInternal) vertx).nameResolver(), now::get);
  }

  @AfterEach
  void stop() {
    GatewayFixture.await(vertx.close());
  }

  @Test
  void whatWasLookedUpIsKnown() {
    assertThat(routes.known(URL)).isNull();
    Route found = routes.lookUp(URL).result();
    assertThat(routes.known(URL)).isSameAs(found);
  }

  @Test
  void aRouteInUseIsLookedUpAgainAfterThirtySeconds() {
    routes.lookUp(URL);
    Route first = routes.known(URL);
    after(29);
    routes.refresh();
    assertThat(routes.known(URL)).isSameAs(first);
    after(1);
    routes.refresh();
    assertThat(routes.known(URL)).isNotNull().isNotSameAs(first);
  }

  @Test
  void aRouteThatNobodyTakesIsLookedUpAgainOnceSomebodyDoes() {
    Route first = routes.lookUp(URL).result();
    after(31);
    routes.refresh();
    assertThat(routes.known(URL)).isSameAs(first);
    routes.refresh();
    assertThat(routes.known(URL)).isNotNull().isNotSameAs(first);
  }

  @Test
  void aHostWithNoAllowedAddressIsLookedUpAgainAsWell() {
    Route nowhere = routes.lookUp(FORBIDDEN).result();
    assertThat(nowhere.size()).isZero();
    assertThat(routes.known(FORBIDDEN)).isSameAs(nowhere);
    after(30);
    routes.refresh();
    assertThat(routes.known(FORBIDDEN)).isNotSameAs(nowhere);
  }

  @Test
  void anOldRouteIsNotTakenAnyMore() {
    routes.lookUp(URL);
    after(599);
    assertThat(routes.known(URL)).isNotNull();
    after(1);
    assertThat(routes.known(URL)).isNull();
  }

  private void after(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
