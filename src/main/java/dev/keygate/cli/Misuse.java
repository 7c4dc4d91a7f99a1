package dev.keygate.cli;

import dev.keygate.policy.document.Nearest;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says which argument is unknown and which was probably meant. Repeats names of flags and commands
 * only: an argument that nobody asked for may be a key that lost its flag.
 */
final class Misuse {
  private Misuse() {}

  static String explain(UnmatchedArgumentException failure) {
    CommandSpec spec = failure.getCommandLine().getCommandSpec();
    List<String> unmatched = failure.getUnmatched();
    String first = unmatched.isEmpty() ? "" : unmatched.getFirst();
    if (first.startsWith("-")) {
      String flag = first.split("=", 2)[0];
      List<String> known =
          spec.options().stream()
              .flatMap(option -> List.of(option.names()).stream())
              .filter(name -> name.startsWith("--"))
              .toList();
      return "There is no flag " + flag + "; " + Nearest.hint(flag, known);
    }
    if (!spec.subcommands().isEmpty()) {
      return "There is no command '"
          + first
          + "'; "
          + Nearest.hint(first, List.copyOf(spec.subcommands().keySet()));
    }
    return unmatched.size() == 1
        ? "One argument too many; a value with spaces needs quotes."
        : unmatched.size() + " arguments too many; a value with spaces needs quotes.";
  }
}
