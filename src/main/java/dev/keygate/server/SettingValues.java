package dev.keygate.server;

import dev.keygate.policy.document.Nearest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What was configured, before anyone asked what it means: defaults, then the file, then {@code
 * KEYGATE_*} variables, then flags. Unknown names are problems, and all problems are reported at
 * once.
 */
public final class SettingValues {
  private static final String CONFIG_VARIABLE = "KEYGATE_CONFIG";

  /** Variables with the prefix that are no settings of the server. */
  private static final Set<String> OTHER_VARIABLES =
      Set.of(
          "KEYGATE_MASTER_KEY",
          CONFIG_VARIABLE,
          "KEYGATE_API_KEY",
          "KEYGATE_API_URL",
          "KEYGATE_PROFILE",
          "KEYGATE_JAVA_OPTS",
          "KEYGATE_COMMAND",
          "KEYGATE_HOME");

  private final Map<Setting, Value> values = new EnumMap<>(Setting.class);
  private final List<String> problems = new ArrayList<>();

  /**
   * A configured value and who said it.
   *
   * @param origin for error messages: a flag, a variable, or a line of the file
   */
  record Value(String text, String origin) {}

  /**
   * What a command on the server's machine goes by before its flags: the configuration file, then
   * the environment.
   *
   * @param asked {@code --config}, which wins over {@code KEYGATE_CONFIG}
   */
  public static SettingValues configured(Optional<Path> asked, Map<String, String> environment) {
    String variable = environment.getOrDefault(CONFIG_VARIABLE, "");
    Optional<Path> named = variable.isEmpty() ? Optional.empty() : Optional.of(Path.of(variable));
    return new SettingValues()
        .withFile(ConfigFile.read(asked.or(() -> named)))
        .withEnvironment(environment);
  }

  /** Takes the settings of a configuration file. */
  public SettingValues withFile(ConfigFile file) {
    problems.addAll(file.problems());
    for (ConfigFile.Entry entry : file.entries()) {
      put(entry.key(), entry.value(), entry.origin());
    }
    return this;
  }

  /** Takes the settings among environment variables. */
  public SettingValues withEnvironment(Map<String, String> environment) {
    // Sorted, so that problems come in an order that does not change from run to run.
    new TreeMap<>(environment)
        .forEach((name, value) -> {
          if (name.startsWith("KEYGATE_") && !OTHER_VARIABLES.contains(name)) {
            putVariable(name, value);
          }
        });
    return this;
  }

  /** Takes a setting given as a flag. */
  public SettingValues withFlag(Setting setting, String value) {
    values.put(setting, new Value(value, setting.flag()));
    return this;
  }

  /** What was wrong so far. */
  List<String> problems() {
    return problems;
  }

  void problem(String problem) {
    problems.add(problem);
  }

  Value get(Setting setting) {
    Value value = values.get(setting);
    return value != null ? value : new Value(setting.fallback(), "default of " + setting.key());
  }

  private void putVariable(String name, String value) {
    for (Setting setting : Setting.values()) {
      if (setting.variable().equals(name)) {
        values.put(setting, new Value(value, name));
        return;
      }
    }
    String key = name.substring("KEYGATE_".length()).toLowerCase(Locale.ROOT);
    problems.add(name + ": unknown variable" + suggestion(key.replace('_', '-'), true));
  }

  private void put(String key, String value, String origin) {
    Setting setting = Setting.ofKey(key);
    if (setting == null) {
      problems.add(origin + ": unknown setting '" + key + "'" + suggestion(key, false));
    } else {
      values.put(setting, new Value(value, origin));
    }
  }

  private static String suggestion(String key, boolean asVariable) {
    List<String> known = Arrays.stream(Setting.values()).map(Setting::key).toList();
    Setting nearest = Setting.ofKey(Objects.requireNonNullElse(Nearest.of(key, known), ""));
    if (nearest == null) {
      return "; `keygate serve --help` lists them all";
    }
    return "; did you mean " + (asVariable ? nearest.variable() : nearest.key()) + "?";
  }
}
