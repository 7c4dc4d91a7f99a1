package dev.keygate.live;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.key.KeyLimits;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The limits of a gateway key as they are stored: the fields of the control API, those that are
 * set.
 */
public final class KeyLimitsJson {
  private static final String NONE = "{}";

  private KeyLimitsJson() {}

  /**
   * Reads them.
   *
   * @throws IllegalArgumentException naming the field that is wrong, and what was expected
   */
  public static KeyLimits read(String json) {
    if (json.equals(NONE)) {
      return KeyLimits.NONE;
    }
    try {
      return read(JsonMapper.shared().readTree(json));
    } catch (JacksonException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private static KeyLimits read(JsonNode limits) {
    List<Cidr> cidrs = new ArrayList<>();
    texts(limits, "allowed_cidrs").forEach(text -> cidrs.add(range(text)));
    return new KeyLimits(
        number(limits, "requests_per_minute"),
        number(limits, "tokens_per_minute"),
        (int) number(limits, "max_concurrent"),
        CidrSet.of(cidrs),
        names(limits, "allowed_models"),
        names(limits, "allowed_providers"));
  }

  private static Cidr range(String text) {
    try {
      return Cidr.parseExact(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("allowed_cidrs: '" + text + "': " + e.getMessage(), e);
    }
  }

  private static long number(JsonNode limits, String field) {
    JsonNode value = limits.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return 0;
    }
    if (!value.isIntegralNumber() || !value.canConvertToInt() || value.asInt() < 1) {
      throw new IllegalArgumentException(
          field + ": expected a whole number from 1 to " + Integer.MAX_VALUE);
    }
    return value.asInt();
  }

  private static Set<String> names(JsonNode limits, String field) {
    Set<String> names = new LinkedHashSet<>();
    texts(limits, field).forEach(name -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  private static List<String> texts(JsonNode limits, String field) {
    List<String> texts = new ArrayList<>();
    JsonNode list = limits.path(field);
    if (!list.isMissingNode() && !list.isNull() && !list.isArray()) {
      throw new IllegalArgumentException(field + ": expected a list of texts");
    }
    if (list.isArray() && list.isEmpty()) {
      throw new IllegalArgumentException(
          field
              + ": an empty list would allow nothing; expected at least one, or null for no limit");
    }
    for (JsonNode item : list) {
      if (!item.isString() || item.asString().isBlank()) {
        throw new IllegalArgumentException(field + ": expected a list of texts, none empty");
      }
      texts.add(item.asString());
    }
    return texts;
  }
}
