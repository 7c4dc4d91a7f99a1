package dev.keygate.ai;

import dev.keygate.ai.ProviderFields.ParamFields;
import dev.keygate.policy.config.Setting;
import dev.keygate.policy.expression.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One model of a provider's {@code models}, as policies write it. */
public record ModelFields(
    @Setting(value = "Its name as the provider takes it.", atLeast = "1", atMost = "256") String id,
    @Setting(
            value = "Other names by which clients may ask for it. They count before the catalog's.",
            atMost = "20")
        List<String> idAliases,
    @Setting(value = "Who made it.", atMost = "64") @Nullable String authorId,
    @Setting(value = "What people call it.", atMost = "255") @Nullable String displayName,
    @Setting(value = "What it is.", atMost = "1024") @Nullable String description,
    @Setting(value = "Whether no request goes there for now.", defaultsTo = "false")
        boolean disabled,
    @Setting(
            value = "What strategies may read as `m.metadata`. Never sent. Fixed values only.",
            atMost = "50")
        Map<String, Value> metadata,
    @Setting(value = "What it takes: `text`, `image`, `audio`, `video`, `file`.", atMost = "20")
        List<String> inputModalities,
    @Setting(
            value =
                "What it gives: `text`, `image`, `audio`, `embedding`. Decides on which surfaces it"
                    + " may be chosen for a request without a model.",
            atMost = "20")
        List<String> outputModalities,
    @Setting(value = "Tokens of prompt and answer together.", atLeast = "1", atMost = "1000000000")
        @Nullable Long maxContextWindow,
    @Setting(value = "Most tokens of an answer.", atLeast = "1", atMost = "1000000000")
        @Nullable Long maxOutputTokens,
    @Setting(value = "What it can do, such as `tool-calling`.", atMost = "50")
        List<String> supportedFeatures,
    @Setting(value = "Top-level fields of bodies that it is not sent.", atMost = "200")
        List<ParamFields> unsupportedParams) {}
