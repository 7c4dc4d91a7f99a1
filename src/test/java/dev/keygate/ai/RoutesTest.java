package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RoutesTest {
  private static final BaseUrl URL = BaseUrl.parse("http://provider.example:9000");
  private static final BaseUrl FORBIDDEN = BaseUrl.parse("http://169.254.169.254");

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger queries = new AtomicInteger();
  private final Routes routes = new Routes(this::answer, now::get);
  private boolean isDnsDown;

  private Future<List<InetSocketAddress>> answer(String host) {
    queries.incrementAndGet();
    return isDnsDown
        ? ImmediateEventExecutor.INSTANCE.newFailedFuture(new UnknownHostException(host))
        : ImmediateEventExecutor.INSTANCE.newSucceededFuture(
            List.of(new InetSocketAddress("127.0.0.1", 0)));
  }

  @Test
  void whatWasLookedUpIsKnown() {
    assertThat(routes.known(URL, now.get())).isNull();
    Route found = routes.lookUp(URL).result();
    assertThat(routes.known(URL, now.get())).isSameAs(found);
  }

  @Test
  void aRouteInUseIsLookedUpAgainAfterThirtySeconds() {
    routes.lookUp(URL);
    Route first = routes.known(URL, now.get());
    after(29);
    routes.refresh();
    assertThat(routes.known(URL, now.get())).isSameAs(first);
    after(1);
    routes.refresh();
    assertThat(routes.known(URL, now.get())).isNotNull().isNotSameAs(first);
  }

  @Test
  void aRouteThatNobodyTakesIsLookedUpAgainOnceSomebodyDoes() {
    Route first = routes.lookUp(URL).result();
    after(31);
    routes.refresh();
    assertThat(routes.known(URL, now.get())).isSameAs(first);
    routes.refresh();
    assertThat(routes.known(URL, now.get())).isNotNull().isNotSameAs(first);
  }

  @Test
  void aHostWithNoAllowedAddressIsLookedUpAgainAsWell() {
    Route nowhere = routes.lookUp(FORBIDDEN).result();
    assertThat(nowhere.size()).isZero();
    assertThat(routes.known(FORBIDDEN, now.get())).isSameAs(nowhere);
    after(30);
    routes.refresh();
    assertThat(routes.known(FORBIDDEN, now.get())).isNotSameAs(nowhere);
  }

  @Test
  void anOldRouteIsNotTakenAnyMore() {
    routes.lookUp(URL);
    after(599);
    assertThat(routes.known(URL, now.get())).isNotNull();
    after(1);
    assertThat(routes.known(URL, now.get())).isNull();
  }

  @Test
  void aRouteInUseServesWhileItCannotBeLookedUp() {
    Route route = routes.lookUp(URL).result();
    routes.known(URL, now.get());
    isDnsDown = true;
    after(30);
    routes.refresh();
    assertThat(queries).hasValue(2);
    assertThat(routes.known(URL, now.get())).isSameAs(route);
    after(600);
    assertThat(routes.known(URL, now.get())).isNull();
  }

  @Test
  void whatCannotBeLookedUpIsTriedOnceASecond() {
    routes.lookUp(URL);
    routes.known(URL, now.get());
    isDnsDown = true;
    after(30);
    routes.refresh();
    routes.known(URL, now.get());
    routes.refresh();
    assertThat(queries).hasValue(2);
    after(1);
    isDnsDown = false;
    routes.refresh();
    assertThat(queries).hasValue(3);
    routes.known(URL, now.get());
    after(29);
    routes.refresh();
    assertThat(queries).as("fresh again").hasValue(3);
  }

  @Test
  void whatNobodyAsksForIsNotTriedAgain() {
    routes.lookUp(URL);
    routes.known(URL, now.get());
    isDnsDown = true;
    after(30);
    routes.refresh();
    after(1);
    routes.refresh();
    assertThat(queries).hasValue(2);
  }

  private void after(int seconds) {
    now.addAndGet(TimeUnit.SECONDS.toNanos(seconds));
  }
}
