package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.post;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.keygate.exchange.Exchange;
import dev.keygate.exchange.Surface;
import java.lang.management.ManagementFactory;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamUsageTest {
  private static final String MANY_DIGITS = "7".repeat(1001);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null|{\"include_usage\":true}",
        "[1]|{\"include_usage\":true}",
        "{ }|{\"include_usage\":true }",
        "{\"include_usage\":false}|{\"include_usage\":true}",
        "{\"include_usage\":\"true\"}|{\"include_usage\":true}",
        "{\"include_usage\":true,\"include_usage\":false}|{\"include_usage\":true}",
        "{\"a\": 1e400,\"include\\u005fusage\":0}|{\"include_usage\":true,\"a\": 1e400}",
        "{\"a\":DIGITS,\"b\":\"\\ud800\"}|{\"include_usage\":true,\"a\":DIGITS,\"b\":\"\\ud800\"}"
      })
  void usageIsAskedForBesideWhatTheClientAsksFor(String options, String asked) throws Exception {
    Exchange exchange = streamed(options.replace("DIGITS", MANY_DIGITS));
    assertThat(isSilent(exchange)).isTrue();
    assertThat(asked(exchange)).isEqualTo(asked.replace("DIGITS", MANY_DIGITS));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"include_usage\":true}",
        "{\"a\":{},\"include\\u005fusage\" : true}",
        "{\"include_usage\":false,\"include_usage\":true}"
      })
  void whoeverAskedIsNotAskedFor(String options) throws Exception {
    assertThat(isSilent(streamed(options))).isFalse();
  }

  @Test
  void optionsThatCannotBeReadAreRefusedWithTheirPlace() {
    assertThatThrownBy(() -> isSilent(streamed("{\"a\":1,\"model\":2}")))
        .isInstanceOf(MalformedBodyException.class)
        .hasMessage(
            "Invalid request body: 'model' is not a string at byte 15 (line 1, column 16) of"
                + " 'stream_options'");
  }

  @Test
  void nothingIsBuiltOfWhatAClientWritesThere() throws Exception {
    Exchange exchange = streamed("{\"a\":[" + "{},".repeat(1 << 20) + "{}]}");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    boolean isSilent = isSilent(exchange);
    String asked = asked(exchange);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(isSilent).isTrue();
    assertThat(asked).startsWith("{\"include_usage\":true,\"a\":[{},{},");
    assertThat(allocated).isLessThan(4L * exchange.body().length());
  }

  private static Exchange streamed(String options) {
    return post(CHAT, "{\"model\":\"m\",\"stream\":true,\"stream_options\":" + options + "}");
  }

  private static boolean isSilent(Exchange exchange) throws MalformedBodyException {
    return StreamUsage.isSilent(
        exchange, Surface.CHAT_COMPLETIONS, TopLevelFields.of(exchange.body()));
  }

  private static String asked(Exchange exchange) throws MalformedBodyException {
    TopLevelFields fields = TopLevelFields.of(exchange.body());
    Extras extras = StreamUsage.asked(Extras.NONE, exchange, fields);
    return new String(Objects.requireNonNull(extras.body().get("stream_options")), UTF_8);
  }
}
