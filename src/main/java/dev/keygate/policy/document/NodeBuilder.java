package dev.keygate.policy.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentEndEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.events.StreamEndEvent;
import org.snakeyaml.engine.v2.events.StreamStartEvent;

/**
 * Builds nodes from YAML events. Working on events, before anything is composed, is what allows to
 * stop at the first node too many: nesting is counted on the way down, and an alias weighs what its
 * anchor does, so that a small text cannot stand for a large document.
 */
final class NodeBuilder {
  private static final int MAX_DEPTH = 32;
  private static final int MAX_NODES = 20_000;

  private final Iterator<Event> events;
  private final Map<Anchor, Node> anchored = new HashMap<>();
  private int depth;
  private int nodes;

  NodeBuilder(Iterator<Event> events) {
    this.events = events;
  }

  Node build() {
    Event event = next();
    while (event instanceof StreamStartEvent || event instanceof DocumentStartEvent) {
      event = next();
    }
    if (event instanceof StreamEndEvent) {
      throw new DocumentException(
          "",
          Position.START,
          "the document is empty; expected a mapping with on_http_request or another phase");
    }
    Node root = node(event, "");
    for (event = next(); !(event instanceof StreamEndEvent); event = next()) {
      if (!(event instanceof DocumentEndEvent)) {
        throw new DocumentException("", at(event), "a second document; expected one");
      }
    }
    return root;
  }

  private Event next() {
    return events.next();
  }

  private Node node(Event event, String path) {
    Node node =
        switch (event) {
          case AliasEvent alias -> alias(alias, path);
          case ScalarEvent scalar -> scalar(scalar, path);
          case SequenceStartEvent start -> sequence(start, path);
          case MappingStartEvent start -> mapping(start, path);
          default -> throw new DocumentException(path, at(event), "expected a value");
        };
    if (event instanceof NodeEvent written && !(event instanceof AliasEvent)) {
      written.getAnchor().ifPresent(anchor -> anchored.put(anchor, node));
    }
    return node;
  }

  private Node alias(AliasEvent alias, String path) {
    Node target = alias.getAnchor().map(anchored::get).orElse(null);
    if (target == null) {
      throw new DocumentException(
          path, at(alias), "*" + alias.getAlias() + " has no anchor before it");
    }
    count(target.weight(), path, alias);
    return target;
  }

  private Node scalar(ScalarEvent scalar, String path) {
    count(1, path, scalar);
    refuseTag(scalar.getTag().orElse("!"), path, scalar);
    ScalarStyle style = scalar.getScalarStyle();
    String text = scalar.getValue();
    Object value = style == ScalarStyle.PLAIN ? PlainScalar.value(text) : text;
    Position start = at(scalar);
    Position end = DocumentParser.position(scalar.getEndMark());
    int quotes = style == ScalarStyle.PLAIN ? 0 : 1;
    int length = text.codePointCount(0, text.length()) + 2 * quotes;
    boolean verbatim = start.line() == end.line() && end.column() - start.column() == length;
    return new Node.Scalar(path, start, value, text, verbatim, start.right(quotes));
  }

  private Node sequence(SequenceStartEvent start, String path) {
    enter(start, path);
    List<Node> items = new ArrayList<>();
    int weight = 1;
    for (Event event = next(); !(event instanceof SequenceEndEvent); event = next()) {
      Node item = node(event, path + '[' + items.size() + ']');
      weight += item.weight();
      items.add(item);
    }
    depth--;
    return new Node.Sequence(path, at(start), List.copyOf(items), weight);
  }

  private Node mapping(MappingStartEvent start, String path) {
    enter(start, path);
    Map<String, Node.Entry> entries = new LinkedHashMap<>();
    int weight = 1;
    for (Event event = next(); !(event instanceof MappingEndEvent); event = next()) {
      if (!(event instanceof ScalarEvent key)) {
        throw new DocumentException(path, at(event), "a key that is not a text");
      }
      count(1, path, key);
      String name = key.getValue();
      String below = path.isEmpty() ? name : path + '.' + name;
      Node value = node(next(), below);
      if (entries.put(name, new Node.Entry(at(key), value)) != null) {
        throw new DocumentException(path, at(key), "the key " + Quoted.of(name) + " stands twice");
      }
      weight += 1 + value.weight();
    }
    depth--;
    return new Node.Mapping(path, at(start), entries, weight);
  }

  private void enter(CollectionStartEvent start, String path) {
    count(1, path, start);
    refuseTag(start.getTag().orElse("!"), path, start);
    if (++depth > MAX_DEPTH) {
      throw new DocumentException(
          path, at(start), "nested too deeply; at most " + MAX_DEPTH + " levels are read");
    }
  }

  private void refuseTag(String tag, String path, Event event) {
    if (!tag.equals("!")) {
      throw new DocumentException(
          path, at(event), "the tag " + Quoted.of(tag) + "; tags are not read, leave it out");
    }
  }

  private void count(int more, String path, Event event) {
    nodes += more;
    if (nodes > MAX_NODES) {
      throw new DocumentException(
          path, at(event), "more than " + MAX_NODES + " values, aliases written out");
    }
  }

  private static Position at(Event event) {
    return DocumentParser.position(event.getStartMark());
  }
}
