package dev.keygate.cli;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The contract as text, cut into blocks along its indentation. A block is parsed when it is asked
 * for: parsing all of it takes longer than the call that a command makes.
 */
final class ContractText {
  private final Map<String, String> paths;
  private final Map<String, Map<String, String>> components = new HashMap<>();
  private final Map<String, Object> parsed = new HashMap<>();

  /**
   * @param yaml block style in its three outer levels, two spaces each, and without anchors
   */
  ContractText(String yaml) {
    Map<String, String> top = blocks(yaml, 0);
    paths = blocks(top.getOrDefault("paths", ""), 2);
    blocks(top.getOrDefault("components", ""), 2)
        .forEach((kind, block) -> components.put(kind, blocks(block, 4)));
  }

  /**
   * The paths in whose text one of these stands, in the contract's order; all when there is none.
   */
  List<String> pathsWith(Collection<String> words) {
    List<String> found =
        paths.entrySet().stream()
            .filter(entry -> words.stream().anyMatch(entry.getValue()::contains))
            .map(Map.Entry::getKey)
            .toList();
    return found.isEmpty() ? List.copyOf(paths.keySet()) : found;
  }

  /** What the contract says of a path. */
  Object path(String path) {
    return parse(path, paths.get(path));
  }

  /** What {@code #/components/kind/name} points to. */
  Object component(String kind, String name) {
    return parse(name, components.getOrDefault(kind, Map.of()).get(name));
  }

  private Object parse(String key, @Nullable String block) {
    if (block == null) {
      throw new IllegalStateException("the contract refers to " + key + ", which it does not hold");
    }
    return parsed.computeIfAbsent(block, text -> load(key, text));
  }

  private static Object load(String key, String block) {
    LoadSettings settings = LoadSettings.builder().setLabel("openapi.yaml").build();
    Object mapping = new Load(settings).loadFromString(block);
    return Objects.requireNonNull(((Map<?, ?>) mapping).get(key));
  }

  /** The text of each key that is indented by so many spaces, the key included. */
  private static Map<String, String> blocks(String yaml, int indent) {
    Map<String, String> blocks = new LinkedHashMap<>();
    int start = -1;
    for (int line = 0; line < yaml.length(); line = nextLine(yaml, line)) {
      if (isKey(yaml, line, indent)) {
        put(blocks, yaml, start, line);
        start = line;
      }
    }
    put(blocks, yaml, start, yaml.length());
    return blocks;
  }

  private static void put(Map<String, String> blocks, String yaml, int start, int end) {
    if (start >= 0) {
      String key = yaml.substring(start, yaml.indexOf(':', start)).strip();
      blocks.put(key, yaml.substring(start, end));
    }
  }

  private static int nextLine(String yaml, int line) {
    int end = yaml.indexOf('\n', line);
    return end < 0 ? yaml.length() : end + 1;
  }

  private static boolean isKey(String yaml, int line, int indent) {
    int at = line;
    while (at < yaml.length() && yaml.charAt(at) == ' ') {
      at++;
    }
    boolean isBlankOrComment = at == yaml.length() || "\r\n#".indexOf(yaml.charAt(at)) >= 0;
    return at - line == indent && !isBlankOrComment;
  }
}
