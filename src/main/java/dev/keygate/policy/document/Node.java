package dev.keygate.policy.document;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document with the place where it was written. Immutable; a document whose aliases
 * share a node is a graph without cycles.
 */
public sealed interface Node {
  /** Where in the document's structure; empty for the whole. */
  String path();

  Position position();

  /** How many nodes it stands for, itself included and aliases written out. */
  int weight();

  /** The value as plain Java: String, Long, Double, Boolean, null, List, Map. */
  @Nullable Object plain();

  /** What it is, in words that follow "is". */
  String kind();

  /**
   * A single value.
   *
   * @param value String, Long, Double, Boolean, or null
   * @param text as it was written, without quotes
   * @param verbatim whether the text stands in one line exactly so, starting at {@code
   *     contentStart}; positions inside it can then be told
   */
  record Scalar(
      String path,
      Position position,
      @Nullable Object value,
      String text,
      boolean verbatim,
      Position contentStart)
      implements Node {
    @Override
    public int weight() {
      return 1;
    }

    @Override
    public @Nullable Object plain() {
      return value;
    }

    @Override
    public String kind() {
      return switch (value) {
        case null -> "null";
        case String string -> "the text " + Quoted.of(string);
        default -> value.toString();
      };
    }
  }

  /** A list. */
  record Sequence(String path, Position position, List<Node> items, int weight) implements Node {
    @Override
    public List<@Nullable Object> plain() {
      List<@Nullable Object> plain = new ArrayList<>();
      for (Node item : items) {
        plain.add(item.plain());
      }
      return plain;
    }

    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A mapping in the order it was written. */
  record Mapping(String path, Position position, Map<String, Entry> entries, int weight)
      implements Node {
    /** The value of a key, or null when the key is not there. */
    public @Nullable Node get(String key) {
      Entry entry = entries.get(key);
      return entry == null ? null : entry.value();
    }

    @Override
    public Map<String, @Nullable Object> plain() {
      Map<String, @Nullable Object> plain = new LinkedHashMap<>();
      entries.forEach((key, entry) -> plain.put(key, entry.value().plain()));
      return plain;
    }

    @Override
    public String kind() {
      return "a mapping";
    }
  }

  /** One key of a mapping. */
  record Entry(Position keyPosition, Node value) {}
}
