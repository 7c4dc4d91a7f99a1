package dev.keygate.ai.translate;

import java.util.ArrayList;
import java.util.List;

/** What one side says at a time. */
record Turn(Role role, List<Part> parts) {
  enum Role {
    SYSTEM,
    DEVELOPER,
    USER,
    ASSISTANT,
    /** The tools' results, nothing else. */
    TOOL;

    /** Whether it sets the frame, not part of the talk. */
    boolean isInstruction() {
      return this == SYSTEM || this == DEVELOPER;
    }
  }

  Turn {
    parts = List.copyOf(parts);
  }

  /** The turns with neighbours of the same one of these roles made one. */
  static List<Turn> merged(List<Turn> turns, List<Role> roles) {
    List<Turn> merged = new ArrayList<>();
    for (Turn turn : turns) {
      Turn last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && last.role == turn.role && roles.contains(turn.role)) {
        List<Part> parts = new ArrayList<>(last.parts);
        parts.addAll(turn.parts);
        merged.set(merged.size() - 1, new Turn(turn.role, parts));
      } else {
        merged.add(turn);
      }
    }
    return merged;
  }
}
