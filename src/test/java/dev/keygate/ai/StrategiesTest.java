package dev.keygate.ai;

import static dev.keygate.ai.GatewayFixture.CHAT;
import static dev.keygate.ai.GatewayFixture.post;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keygate.exchange.ErrorCode;
import dev.keygate.exchange.Refusal;
import dev.keygate.policy.TrafficPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Strategies choose among what is allowed, and nothing else (SPEC.md section 7). */
class StrategiesTest {
  private static final String AUTO = "{\"model\":\"ngrok/auto\"}";

  private final GatewayFixture fixture = new GatewayFixture();
  private final FakeProvider provider = FakeProvider.answering(500, "{}");

  @AfterEach
  void close() {
    provider.close();
    fixture.close();
  }

  /** A policy whose house has four models, of which {@code d} is disabled. */
  private TrafficPolicy house(String... strategies) {
    return fixture.policy(houseConfig(strategies));
  }

  private String houseConfig(String... strategies) {
    StringBuilder config =
        new StringBuilder(
            """
            only_allow_configured_models: true
            providers:
            - id: house
              id_aliases: [home]
              base_url: '%s'
              metadata: {team: blue, datacenters: [{country_code: DE, region: eu-1}]}
              models:
              - {id: a, author_id: meta, metadata: {tier: gold, deep: {x: 1}}}
              - {id: b, id_aliases: [bee], supported_features: [tool-calling], max_output_tokens: 5}
              - {id: c, input_modalities: [text, image]}
              - {id: d, disabled: true}
            - id: openai
              base_url: '%s'
              api_keys: [{value: sk-1}]
              models: [{id: gpt-4.1-nano}, {id: gpt-4.1}]
            model_selection:
              strategy:
            """
                .formatted(provider.url(), provider.url()));
    List.of(strategies).forEach(s -> config.append("  - \"").append(s).append("\"\n"));
    return config.toString();
  }

  private List<String> tried(TrafficPolicy policy, String body) {
    return fixture.run(policy, post(CHAT, body)).story().attempts().stream()
        .map(AttemptRecord::model)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ai.models|a b c gpt-4.1-nano gpt-4.1",
        "ai.models.filter(m, m.provider_id == 'house')|a b c",
        "ai.models.filter(m, m.metadata.tier == 'gold')|a",
        "ai.models.filter(m, m.metadata.team == 'blue' && m.id != 'a')|b c",
        "ai.models.filter(m, m.getMetadata('deep.x') == 1)|a",
        "ai.models.filter(m, 'tool-calling' in m.supported_features && m.custom)|b",
        "ai.models.filter(m, 'image' in m.input_modalities && !m.known)|c",
        "ai.models.filter(m, m.known && m.max_context_window > 1000)|gpt-4.1-nano gpt-4.1",
        "ai.models.only(['BEE', 'gpt-4.1', 'd', 'gpt-4o'])|b gpt-4.1",
        "ai.models.ignore(['bee']).onlyProviders(['HOME'])|a c",
        "ai.models.ignoreProviders(['home'])|gpt-4.1-nano gpt-4.1",
        "ai.models.onlyAuthors(['meta-llama'])|a",
        "ai.models.ignoreAuthors(['openai'])|a b c",
        "ai.models.inCountryCode('de')|a b c",
        "ai.models.inRegion('eu-1')[1]|b",
        "ai.models.underCost('text.input', 0.5)|gpt-4.1-nano",
        "ai.models.underCost('text.output', 100).sortBy('price')[1]|gpt-4.1",
        "ai.models.sortBy('price')[0]|gpt-4.1-nano",
        "ai.models.onlyProviders(['openai']).sortBy(m, m.pricing.input)|gpt-4.1-nano gpt-4.1",
        "ai.models.filter(m, m.provider_id == 'house').sortBy(m, m.id == 'a' ? 2 : 1)|b c a",
        "ai.models.sortBy(m, m.id).only(['a', 'c']).ignore(['c']).sortBy('price')|a",
        "[ai.models.get('house', 'c'), ai.models.get('house', 'a')]|c a",
        "ai.models.sortBy(m, m.metrics.global.latency.upstream_ms_avg)[0]|a",
        "ai.models.get('house', 'bee')|b",
        "ai.models.get('house', 'd')|",
        "ai.providers.get('home').getModel('c')|c",
        "ai.providers.filter(p, p.id == 'openai')[0].models|gpt-4.1-nano gpt-4.1",
        "ai.authors.get('meta').models|a",
        "ai.models.filter(m, m.metrics.global.request_count > 1000)|",
        "ai.models.filter(m, 'k' in m.metrics.api_keys && m.metrics.api_keys['k'].latency.upstream_ms_avg < 5)|",
        "ai.models.filter(m, req.method == 'POST').only(['a'])|a"
      })
  void aStrategyGivesModelsInItsOrder(String strategy, @Nullable String expected) {
    TrafficPolicy policy = house(strategy, "ai.models.only(['bee'])");
    List<String> wanted = expected == null ? List.of("b") : List.of(expected.split(" ", -1));
    assertThat(tried(policy, AUTO)).isEqualTo(wanted);
  }

  @Test
  void chanceStaysWithinTheSet() {
    assertThat(tried(house("ai.models.random()"), AUTO))
        .hasSize(1)
        .isSubsetOf("a", "b", "c", "gpt-4.1-nano", "gpt-4.1");
    assertThat(tried(house("ai.models.randomize()"), AUTO))
        .containsExactlyInAnyOrder("a", "b", "c", "gpt-4.1-nano", "gpt-4.1");
  }

  @Test
  void whatAClientNamesIsFilteredAndKeepsItsOrder() {
    TrafficPolicy policy = house("ai.models.only(['a', 'b', 'c']).sortBy(m, m.id)");
    assertThat(tried(policy, "{\"model\":\"c\",\"models\":[\"gpt-4.1\",\"a\",\"d\"]}"))
        .containsExactly("c", "a");
    Refusal refusal = fixture.run(policy, post(CHAT, "{\"model\":\"gpt-4.1\"}")).refusal();
    assertThat(refusal.code()).isEqualTo(ErrorCode.SELECTION_EMPTY);
    assertThat(refusal.code().status()).isEqualTo(422);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ai.models.filter(m, 1 / ai.models.only(['x']).size() == 1)|SELECTION_FAILED",
        "ai.models.sortBy('speed')|SELECTION_FAILED",
        "ai.models[99]|SELECTION_FAILED",
        "vars.absent|SELECTION_FAILED",
        "json.decode('7')|SELECTION_NOT_A_LIST",
        "json.decode('[7]')|SELECTION_NOT_A_LIST",
        "ai.models.only(['nothing'])|SELECTION_EMPTY"
      })
  void whatIsNoChoiceIsRefused(String strategy, ErrorCode code) {
    GatewayFixture.Result result = fixture.run(house(strategy), post(CHAT, AUTO));
    assertThat(result.refusal().code()).isEqualTo(code);
    assertThat(provider.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ai.modles",
        "ai.models.filter(m, m.provider == 'x')",
        "ai.models.filter(m, m.metrics.global.latency.p95 < 1)",
        "ai.models.filter(m, m.id > 5)",
        "ai.models.map(m, m.id)",
        "ai.models.size()",
        "ai.providers",
        "ai.models.only('a')",
        "ai.keys",
        "ai.models.filter(m, m.id)"
      })
  void mistakesAreFoundWhenThePolicyIsSaved(String strategy) {
    assertThat(fixture.problems(houseConfig(strategy)))
        .isNotEmpty()
        .allMatch(problem -> problem.contains("model_selection.strategy[0]"));
  }

  @Test
  void keysAreChosenToo() {
    TrafficPolicy policy =
        fixture.policy(
            """
            providers:
            - id: openai
              base_url: '%s'
              api_keys: [{value: sk-1}, {value: sk-2}, {value: sk-3}]
            api_key_selection:
              strategy:
              - ai.keys.filter(k, k.quota.remaining_requests > 100)
              - ai.keys.filter(k, k.error_rate.total < 0.5 && k.id != 'openai.api_keys[0]')
            """
                .formatted(provider.url()));
    fixture.run(policy, post(CHAT, "{\"model\":\"gpt-4o\"}"));
    assertThat(provider.received()).hasSize(2);
    assertThat(provider.received().getFirst().head()).contains("bearer sk-2\r\n");
    // Both have failed now, so that nothing is left of them.
    Refusal refusal = fixture.run(policy, post(CHAT, "{\"model\":\"gpt-4o\"}")).refusal();
    assertThat(refusal.code()).isEqualTo(ErrorCode.KEY_SELECTION_FAILED);
  }

  @Test
  void whatAttemptsShowIsWhatStrategiesRead() {
    TrafficPolicy policy =
        house(
            "ai.models.filter(m, m.provider_id == 'house' && m.metrics.account.error_rate.server == 0.0)");
    assertThat(tried(policy, AUTO)).containsExactly("a", "b", "c");
    assertThat(fixture.run(policy, post(CHAT, AUTO)).refusal().code())
        .isEqualTo(ErrorCode.SELECTION_EMPTY);
  }
}
