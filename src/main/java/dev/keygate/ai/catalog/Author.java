package dev.keygate.ai.catalog;

import java.util.List;

/** Who made a model. Id and aliases are in lower case. */
public record Author(String id, List<String> aliases, String displayName) {
  public Author {
    aliases = List.copyOf(aliases);
  }
}
