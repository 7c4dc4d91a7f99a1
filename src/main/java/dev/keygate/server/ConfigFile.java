package dev.keygate.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A configuration file as written: one flat YAML mapping, in which a value may itself be a list of
 * texts or a mapping of names to text.
 */
public record ConfigFile(List<Entry> entries, List<String> problems) {

  /** The file used when none is named, if there is one in the working directory. */
  public static final String DEFAULT_NAME = "keygate.yaml";

  private static final ConfigFile NONE = new ConfigFile(List.of(), List.of());

  /**
   * One setting.
   *
   * @param value as text; a mapping is joined to {@code name=text,name=text}, a list to {@code
   *     text,text}
   * @param origin file and line
   */
  public record Entry(String key, String value, String origin) {}

  /** Reads the file that was asked for, or {@code keygate.yaml} if it is there. */
  public static ConfigFile read(Optional<Path> asked) {
    Path path = asked.orElse(Path.of(DEFAULT_NAME));
    if (asked.isEmpty() && !Files.exists(path)) {
      return NONE;
    }
    try {
      return parse(path.toString(), Files.readString(path));
    } catch (NoSuchFileException e) {
      return problem(path + ": no such file");
    } catch (IOException e) {
      return problem(path + ": cannot be read: " + e.getMessage());
    }
  }

  static ConfigFile parse(String name, String text) {
    Node root;
    try {
      LoadSettings settings =
          LoadSettings.builder().setLabel(name).setMaxAliasesForCollections(0).build();
      Optional<Node> composed = new Compose(settings).composeString(text);
      if (composed.isEmpty()) {
        return NONE;
      }
      root = composed.get();
    } catch (YamlEngineException e) {
      return problem(name + ": not valid YAML: " + e.getMessage());
    }
    if (!(root instanceof MappingNode mapping)) {
      return problem(name + ": expected `setting: value` lines");
    }
    return entries(name, mapping);
  }

  private static ConfigFile entries(String name, MappingNode mapping) {
    List<Entry> entries = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String origin = name + " line " + line(tuple.getKeyNode());
      Optional<String> value = text(tuple.getValueNode());
      if (tuple.getKeyNode() instanceof ScalarNode key && value.isPresent()) {
        entries.add(new Entry(key.getValue(), value.get(), origin));
      } else {
        problems.add(
            origin
                + ": expected `setting: value` with text, a list of texts or a mapping of names to text");
      }
    }
    return new ConfigFile(entries, problems);
  }

  private static Optional<String> text(Node node) {
    if (node instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().allMatch(ScalarNode.class::isInstance)
          ? Optional.of(
              list.getValue().stream()
                  .map(item -> ((ScalarNode) item).getValue())
                  .collect(Collectors.joining(",")))
          : Optional.empty();
    }
    if (!(node instanceof MappingNode mapping)) {
      return Optional.empty();
    }
    List<String> pairs = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      if (tuple.getKeyNode() instanceof ScalarNode key
          && tuple.getValueNode() instanceof ScalarNode value) {
        pairs.add(key.getValue() + "=" + value.getValue());
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(String.join(",", pairs));
  }

  private static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
  }

  private static ConfigFile problem(String problem) {
    return new ConfigFile(List.of(), List.of(problem));
  }
}
