package dev.keygate.control;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * URIs of objects. They are shown, audited and kept from the root on ({@code /endpoints/ep_…}), and
 * made absolute in the answer alone: which host a client called is nobody else's business.
 */
final class Links {
  private Links() {}

  static String of(String collection, String id) {
    return "/" + collection + "/" + id;
  }

  /** Puts {@code base}, a scheme and a host, before every URI of an object and what is in it. */
  static void makeAbsolute(ObjectNode object, String base) {
    for (String name : new String[] {"uri", "next_page_uri"}) {
      JsonNode uri = object.get(name);
      if (uri != null && uri.isString() && uri.stringValue().startsWith("/")) {
        object.put(name, base + uri.stringValue());
      }
    }
    object.forEach(inner -> makeAbsoluteIn(inner, base));
  }

  private static void makeAbsoluteIn(JsonNode node, String base) {
    if (node instanceof ObjectNode object) {
      makeAbsolute(object, base);
    } else {
      node.forEach(item -> makeAbsoluteIn(item, base));
    }
  }
}
