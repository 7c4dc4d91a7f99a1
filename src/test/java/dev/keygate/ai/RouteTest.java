package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RouteTest {
  private static final BaseUrl URL = BaseUrl.parse("https://api.example.com/v1");

  @Test
  void aConnectionGoesToTheCheckedAddressUnderTheHostsName() throws Exception {
    RequestOptions options = route(1, 2).options(HttpMethod.POST, "/v1/x");
    assertThat(options.getServer()).hasToString("10.0.0.1:443");
    assertThat(options.getHost()).isEqualTo("api.example.com");
    assertThat(options.isSsl()).isTrue();
    assertThat(options.getFollowRedirects()).isFalse();
  }

  @Test
  void aFailedAddressIsLeftForTheNextAndTheLastForTheFirst() throws Exception {
    Route route = route(1, 2);
    route.moveOn();
    assertThat(server(route)).isEqualTo("10.0.0.2:443");
    route.moveOn();
    assertThat(server(route)).isEqualTo("10.0.0.1:443");
  }

  @Test
  void aNewAnswerKeepsTheAddressThatWorksWhileItIsThere() throws Exception {
    Route before = route(1, 2);
    before.moveOn();
    Route same = route(3, 2, 1);
    same.prefer(before);
    assertThat(server(same)).isEqualTo("10.0.0.2:443");
    Route changed = route(3, 4);
    changed.prefer(before);
    assertThat(server(changed)).isEqualTo("10.0.0.3:443");
  }

  @Test
  void anIpv6LiteralIsNamedInBrackets() throws Exception {
    BaseUrl url = BaseUrl.parse("http://[::1]:9000");
    Route route = new Route(url, List.of(InetAddress.getByName("::1")), 0, 0);
    assertThat(route.options(HttpMethod.GET, "/").getHost()).isEqualTo("[::1]");
  }

  @Test
  void anAnswerAges() throws Exception {
    Route route = new Route(URL, List.of(), 10, 20);
    assertThat(route.isDue(10)).as("before somebody asked").isFalse();
    route.askFor();
    assertThat(route.isDue(9)).isFalse();
    assertThat(route.isDue(10)).isTrue();
    assertThat(route.isUsable(19)).isTrue();
    assertThat(route.isUsable(20)).isFalse();
  }

  private static String server(Route route) {
    return route.options(HttpMethod.GET, "/").getServer().toString();
  }

  private static Route route(int... lastBytes) throws UnknownHostException {
    List<InetAddress> addresses = new ArrayList<>();
    for (int last : lastBytes) {
      addresses.add(InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last}));
    }
    return new Route(URL, addresses, Long.MAX_VALUE, Long.MAX_VALUE);
  }
}
