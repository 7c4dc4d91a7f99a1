package dev.keygate.ai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.ai.FakeProvider.Behaviour;
import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every fault, at every position, with one or more keys and candidates, streaming or not: the
 * attempts made and the request's ending, each against SPEC.md section 9 as {@link #expected} reads
 * it.
 */
class FailoverTableTest {
  private static final List<String> PROVIDERS = List.of("openai", "groq", "hyperbolic");
  private static final Duration PER_REQUEST = Duration.ofSeconds(20);
  private static final Duration TOTAL = Duration.ofDays(1);
  private static final String EVENTS =
      FakeProvider.eventHead() + FakeProvider.chunk("data: [DONE]\n\n") + "0\r\n\r\n";

  private static GatewayFixture fixture = new GatewayFixture();

  @BeforeAll
  static void open() {
    fixture = new GatewayFixture();
  }

  @AfterAll
  static void close() {
    fixture.close();
  }

  /** What a failing attempt meets. */
  enum Fault {
    REFUSED(0),
    CLOSED_BEFORE_HEAD(0),
    RESET_BEFORE_HEAD(0),
    NOT_HTTP(0),
    SHORT_ANSWER_CUT(0),
    STREAM_CUT_BEFORE_BODY(0),
    STALLED_BEFORE_HEAD(0),
    STALLED_BEFORE_BODY(0),
    REDIRECT(302),
    BAD_REQUEST(400),
    UNAUTHORIZED(401),
    PAYMENT_REQUIRED(402),
    FORBIDDEN(403),
    NOT_FOUND(404),
    REQUEST_TIMEOUT(408),
    TOO_LARGE(413),
    UNPROCESSABLE(422),
    RATE_LIMITED(429),
    SERVER_ERROR(500),
    BAD_GATEWAY(502),
    UNAVAILABLE(503),
    OVERLOADED(529);

    private final int status;

    Fault(int status) {
      this.status = status;
    }

    Behaviour behaviour() {
      return switch (this) {
        case REFUSED, CLOSED_BEFORE_HEAD -> new Behaviour.AnswerAndClose("");
        case RESET_BEFORE_HEAD -> new Behaviour.AnswerAndReset("");
        case NOT_HTTP -> new Behaviour.AnswerAndClose("220 mail ESMTP\r\n\r\n");
        case SHORT_ANSWER_CUT ->
            new Behaviour.AnswerAndClose(FakeProvider.json(200, "{}").replace("{}", "{"));
        case STREAM_CUT_BEFORE_BODY -> new Behaviour.AnswerAndClose(FakeProvider.eventHead());
        case STALLED_BEFORE_HEAD -> new Behaviour.AnswerAndStall("");
        case STALLED_BEFORE_BODY -> new Behaviour.AnswerAndStall(FakeProvider.eventHead());
        default ->
            new Behaviour.Answer(
                FakeProvider.json(status, "{\"error\":" + status + "}")
                    .replace("\r\n\r\n", "\r\nRetry-After: 7\r\n\r\n"));
      };
    }

    /** Said of the request itself, so that another key would be told the same. */
    boolean skipsKeys() {
      return status == 302 || (status >= 400 && status < 500 && !isOfKeyOrMoment());
    }

    private boolean isOfKeyOrMoment() {
      return status == 401 || status == 403 || status == 408 || status == 429;
    }

    boolean isRelayed() {
      return status == 429 || (skipsKeys() && status != 302);
    }
  }

  /** Which attempts fail. */
  enum Position {
    FIRST_KEY,
    FIRST_CANDIDATE,
    ALL_BUT_THE_LAST_CANDIDATE,
    ALL
  }

  record Row(Fault fault, Position position, boolean streaming, int keys, int candidates) {
    boolean fails(int candidate, int key) {
      return switch (position) {
        case FIRST_KEY -> candidate == 0 && key == 0;
        case FIRST_CANDIDATE -> candidate == 0;
        case ALL_BUT_THE_LAST_CANDIDATE -> candidate < candidates - 1;
        case ALL -> true;
      };
    }
  }

  static Stream<Row> rows() {
    List<Row> rows = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      for (Position position : Position.values()) {
        for (int keys = 1; keys <= 2; keys++) {
          for (int candidates = 1; candidates <= 3; candidates++) {
            addRows(rows, fault, position, keys, candidates);
          }
        }
      }
    }
    return rows.stream();
  }

  private static void addRows(
      List<Row> rows, Fault fault, Position position, int keys, int candidates) {
    boolean isDistinct =
        switch (position) {
          case FIRST_KEY -> keys > 1 && fault != Fault.REFUSED;
          case FIRST_CANDIDATE -> candidates > 1;
          case ALL_BUT_THE_LAST_CANDIDATE -> candidates > 2;
          case ALL -> true;
        };
    if (isDistinct) {
      rows.add(new Row(fault, position, false, keys, candidates));
      rows.add(new Row(fault, position, true, keys, candidates));
    }
  }

  @Test
  void theTableHasAtLeast200Rows() {
    assertThat(rows().count()).isGreaterThanOrEqualTo(200);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void everyRowEndsAsTheSpecificationSays(Row row) {
    List<FakeProvider> fakes = new ArrayList<>();
    for (int candidate = 0; candidate < row.candidates(); candidate++) {
      FakeProvider fake =
          new FakeProvider(script(row, candidate)).whenStalled(() -> fixture.pass(PER_REQUEST));
      fakes.add(fake);
      String[] keys = Stream.of("k0", "k1").limit(row.keys()).toArray(String[]::new);
      boolean isRefused = row.fault() == Fault.REFUSED && row.fails(candidate, 0);
      fixture.provider(
          PROVIDERS.get(candidate), isRefused ? FakeProvider.nowhere() : fake.url(), keys);
    }
    try {
      AiGateway gateway = fixture.gateway(GatewayFixture.config(PER_REQUEST, TOTAL));
      check(row, fixture.run(gateway, GatewayFixture.post(GatewayFixture.CHAT, body(row))));
    } finally {
      fakes.forEach(FakeProvider::close);
    }
  }

  private static Behaviour[] script(Row row, int candidate) {
    Behaviour good =
        new Behaviour.Answer(row.streaming() ? EVENTS : FakeProvider.json(200, "{\"ok\":1}"));
    List<Behaviour> script = new ArrayList<>();
    for (int key = 0; key < row.keys() && row.fails(candidate, key); key++) {
      script.add(row.fault().behaviour());
    }
    if (!row.fails(candidate, row.keys() - 1)) {
      script.add(good);
    }
    return script.toArray(Behaviour[]::new);
  }

  private static String body(Row row) {
    List<String> names =
        PROVIDERS.stream().limit(row.candidates()).map(id -> '"' + id + ":m\"").toList();
    String others = String.join(",", names.subList(1, names.size()));
    return "{\"stream\":%s,\"model\":%s,\"models\":[%s]}"
        .formatted(row.streaming(), names.getFirst(), others);
  }

  /** The attempts that the rule asks for: the last of them succeeds unless all fail. */
  private static List<String> expected(Row row) {
    List<String> attempts = new ArrayList<>();
    for (int candidate = 0; candidate < row.candidates(); candidate++) {
      for (int key = 0; key < row.keys(); key++) {
        attempts.add("aigpk_" + PROVIDERS.get(candidate) + key);
        if (!row.fails(candidate, key)) {
          return attempts;
        }
        if (row.fault().skipsKeys()) {
          break;
        }
      }
    }
    return attempts;
  }

  private static boolean succeeds(Row row) {
    String last = expected(row).getLast();
    for (int candidate = 0; candidate < row.candidates(); candidate++) {
      for (int key = 0; key < row.keys(); key++) {
        if (last.equals("aigpk_" + PROVIDERS.get(candidate) + key)) {
          return !row.fails(candidate, key);
        }
      }
    }
    return false;
  }

  private static void check(Row row, GatewayFixture.Result result) {
    List<String> expected = expected(row);
    assertThat(result.story().attempts())
        .extracting(AttemptRecord::providerKeyId)
        .isEqualTo(expected);
    if (succeeds(row)) {
      assertThat(result.status()).isEqualTo(200);
      assertThat(result.body()).isEqualTo(row.streaming() ? "data: [DONE]\n\n" : "{\"ok\":1}");
      assertThat(result.broken()).isNull();
      assertThat(result.header("x-keygate-attempts")).isEqualTo("" + expected.size());
      assertThat(result.story()).containsEntry("status", "success");
    } else if (row.fault().isRelayed()) {
      assertThat(result.status()).isEqualTo(row.fault().status);
      assertThat(result.body()).isEqualTo("{\"error\":" + row.fault().status + "}");
      assertThat(result.header("retry-after")).isEqualTo("7");
      assertThat(result.header("x-keygate-provider")).isEqualTo(PROVIDERS.getFirst());
    } else {
      checkRefusal(row, result);
    }
  }

  private static void checkRefusal(Row row, GatewayFixture.Result result) {
    assertThat(result.outcome()).isInstanceOf(Outcome.Refuse.class);
    assertThat(result.refusal().code())
        .isEqualTo(
            row.fault() == Fault.REFUSED
                ? ErrorCode.NOTHING_REACHABLE
                : ErrorCode.ALL_ATTEMPTS_FAILED);
    for (String provider : PROVIDERS.subList(0, row.candidates())) {
      assertThat(result.refusal().message()).contains(provider + ":m ");
    }
    if (row.fault().status > 0) {
      assertThat(result.refusal().message()).contains("answered " + row.fault().status);
      assertThat(result.refusal().retryAfterSeconds()).isEqualTo(7);
    }
  }
}
