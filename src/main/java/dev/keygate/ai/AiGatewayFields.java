package dev.keygate.ai;

import dev.keygate.policy.Authorization;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.Template;
import dev.keygate.policy.expression.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The configuration of {@code ai-gateway} as policies write it. */
public record AiGatewayFields(
    @Setting(
            value =
                "`api_key`: a valid gateway API key, always. `policy`: a valid key if one is"
                    + " presented, otherwise the rules decide. `passthrough`: the client's own"
                    + " provider credential is forwarded, and the gateway's are never used.",
            defaultsTo = "api_key")
        Mode authorization,
    @Setting(
            value =
                "Most tokens of a prompt, counted by an estimate before a provider is called; more"
                    + " are refused with 413.",
            atLeast = "1",
            atMost = "500000")
        @Nullable Long maxInputTokens,
    @Setting(
            value =
                "Most tokens of an answer. A request that allows more, or says nothing, is sent"
                    + " with this bound.",
            atLeast = "1",
            atMost = "500000")
        @Nullable Long maxOutputTokens,
    @Setting(
            value =
                "Headers that providers get beside the client's, in place of those of the same"
                    + " name. The provider's credential comes last.",
            atMost = "32")
        Map<String, Template> headers,
    @Setting(
            value =
                "Query parameters that providers get beside the client's, in place of those of the"
                    + " same name.",
            atMost = "32")
        Map<String, Template> queryParams,
    @Setting(
            value =
                "Top-level fields of JSON bodies that providers get, in place of the client's."
                    + " `model`, `models` and `stream` cannot be among them.",
            atMost = "50")
        Map<String, Value> body,
    @Setting(
            value =
                "When every attempt failed: `halt` tells the client, `continue` runs the policy's"
                    + " next action.",
            defaultsTo = "halt")
        AiGatewayConfig.OnError onError,
    @Setting(
            value = "Longest wait of all attempts together for an answer to begin.",
            defaultsTo = "6m",
            atLeast = "1ms",
            atMost = "1h")
        Duration totalTimeout,
    @Setting(
            value = "Longest wait of one attempt for its first byte, and between bytes.",
            defaultsTo = "3m",
            atLeast = "1ms",
            atMost = "1h")
        Duration perRequestTimeout,
    @Setting(
            value =
                "Custom providers, and changes to built-in ones. Their models come first where a"
                    + " model is chosen without a strategy.",
            atMost = "100")
        List<ProviderFields> providers,
    @Setting(
            value = "Whether requests may go only to providers that are listed.",
            defaultsTo = "false")
        boolean onlyAllowConfiguredProviders,
    @Setting(
            value =
                "Whether requests may go only to models that a provider lists here. A request"
                    + " without a model is then refused, unless it only reads or deletes.",
            defaultsTo = "false")
        boolean onlyAllowConfiguredModels,
    @Setting(
            "How models are chosen and ordered when the client names none, and filtered when it does.")
        @Nullable Selection modelSelection,
    @Setting("Which of a provider's keys are tried, and in which order.")
        @Nullable Selection apiKeySelection) {

  /** How requests are authorized, as policies write it. */
  public enum Mode {
    API_KEY,
    POLICY,
    PASSTHROUGH;

    Authorization authorization() {
      return switch (this) {
        case API_KEY -> Authorization.API_KEY;
        case POLICY -> Authorization.POLICY;
        case PASSTHROUGH -> Authorization.PASSTHROUGH;
      };
    }
  }

  /** A list of strategies. */
  public record Selection(
      @Setting(
              value = "CEL expressions. The first that gives a list with something in it decides.",
              atMost = "20")
          List<StrategyText> strategy) {}

  /** An expression, which is compiled once its place in the document is known. */
  public record StrategyText(String text) {
    public static StrategyText parse(String text) {
      return new StrategyText(text);
    }
  }
}
