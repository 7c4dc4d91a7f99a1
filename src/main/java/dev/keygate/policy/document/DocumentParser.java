package dev.keygate.policy.document;

import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads YAML 1.2 or JSON (which YAML contains) into positioned nodes. It makes nothing but nodes:
 * no tags, no types of its own, and the size, nesting and aliases of a document are bounded.
 */
public final class DocumentParser {
  /** Longest document, in characters. */
  public static final int MAX_CHARACTERS = 256 * 1024;

  private static final LoadSettings SETTINGS =
      LoadSettings.builder().setCodePointLimit(MAX_CHARACTERS).setUseMarks(true).build();

  private DocumentParser() {}

  /**
   * The document's root node, or null when it could not be read; then {@code problems} says why.
   */
  public static @Nullable Node parse(String text, Problems problems) {
    if (text.length() > MAX_CHARACTERS) {
      problems.error(
          "",
          Position.START,
          "the document has " + text.length() + " characters; at most " + MAX_CHARACTERS + " fit");
      return null;
    }
    try {
      Iterator<Event> events = new Parse(SETTINGS).parseString(withoutTabs(text)).iterator();
      return new NodeBuilder(events).build();
    } catch (DocumentException refused) {
      problems.error(refused.path(), refused.position(), refused.getMessage());
    } catch (MarkedYamlEngineException malformed) {
      problems.error("", position(malformed), message(malformed));
    } catch (YamlEngineException malformed) {
      problems.error("", Position.START, "not YAML: " + malformed.getMessage());
    }
    return null;
  }

  static Position position(Optional<Mark> mark) {
    return mark.map(found -> new Position(found.getLine() + 1, found.getColumn() + 1))
        .orElse(Position.START);
  }

  private static Position position(MarkedYamlEngineException malformed) {
    Optional<Mark> problem = malformed.getProblemMark();
    return position(problem.isPresent() ? problem : malformed.getContextMark());
  }

  private static String message(MarkedYamlEngineException malformed) {
    String context = malformed.getContext();
    String problem = malformed.getProblem();
    if (context == null || context.isEmpty()) {
      return "not YAML: " + problem;
    }
    return "not YAML: " + context + (problem == null ? "" : ", " + problem);
  }

  /**
   * JSON may be indented with tabs, YAML may not. A tab inside a JSON string is an error anyway.
   */
  private static String withoutTabs(String text) {
    return text.stripLeading().startsWith("{") ? text.replace('\t', ' ') : text;
  }
}
