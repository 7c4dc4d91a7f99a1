package dev.keygate.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.endpoint.EndpointUrl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointTableTest {
  private final EndpointTable table =
      EndpointTable.EMPTY
          .with(endpoint("ep_port", "http://a.example.com:8443", false))
          .with(endpoint("ep_exact", "https://a.example.com", false))
          .with(endpoint("ep_wild", "https://*.example.com", false))
          .with(endpoint("ep_deep", "https://*.b.example.com", false))
          .with(endpoint("ep_v6", "http://[::1]", false))
          .with(endpoint("ep_default", "http://localhost:8080", true));

  @ParameterizedTest
  @CsvSource({
    "a.example.com:8443, ep_port",
    "a.example.com, ep_exact",
    "A.EXAMPLE.com:1, ep_exact",
    "x.example.com, ep_wild",
    "x.y.example.com, ep_wild",
    "x.b.example.com:99, ep_deep",
    "[::1]:8080, ep_v6",
    "[::1], ep_v6",
    "example.com, ep_default",
    "notexample.com, ep_default",
    "a.example.com:, ep_exact",
    "a.example.com:99999999999, ep_exact",
    "'', ep_default",
  })
  void theMostSpecificEndpointAnswers(String authority, String expected) {
    LiveEndpoint found = table.match(authority);
    assertThat(found).isNotNull();
    assertThat(found.endpoint().id()).isEqualTo(expected);
  }

  @Test
  void withoutADefaultAnUnknownHostHasNoEndpoint() {
    assertThat(table.without("ep_default").match("nowhere.test")).isNull();
    assertThat(EndpointTable.EMPTY.match("a.example.com")).isNull();
  }

  @Test
  void anEndpointThatMovedAnswersAtItsNewHostOnly() {
    EndpointTable moved = table.with(endpoint("ep_exact", "https://c.example.org", false));
    assertThat(id(moved, "c.example.org")).isEqualTo("ep_exact");
    assertThat(id(moved, "a.example.com")).isEqualTo("ep_wild");
  }

  private static String id(EndpointTable table, String authority) {
    LiveEndpoint found = table.match(authority);
    return found == null ? "" : found.endpoint().id();
  }

  private static LiveEndpoint endpoint(String id, String url, boolean isDefault) {
    return new LiveEndpoint(
        new Endpoint(id, EndpointUrl.parse(url).hostPattern(), url, isDefault, false),
        new RefusingPolicy());
  }
}
