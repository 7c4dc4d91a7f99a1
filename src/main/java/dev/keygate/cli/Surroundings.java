package dev.keygate.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a command line finds around itself.
 *
 * @param in standard input, for values that must not stand on the command line
 * @param terminal the person, when input and output are both a terminal
 */
record Surroundings(
    Map<String, String> environment,
    Path home,
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Optional<Terminal> terminal) {

  /** Somebody who reads and types. */
  interface Terminal {
    /** The line that was typed; empty at the end of input. */
    String ask(String question);

    /** The same without showing what is typed. */
    String askSecret(String question);
  }

  static Surroundings ofProcess() {
    return new Surroundings(
        System.getenv(),
        Path.of(System.getProperty("user.home")),
        System.in,
        new PrintWriter(System.out, true, System.out.charset()),
        new PrintWriter(System.err, true, System.err.charset()),
        Optional.ofNullable(System.console())
            .filter(Console::isTerminal)
            .map(ConsoleTerminal::new));
  }

  /** The variable's value; a variable that is empty counts as not set. */
  Optional<String> variable(String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
  }

  /** Whether colours would be seen by a person who did not ask for none. */
  boolean hasColours() {
    return terminal.isPresent()
        && variable("NO_COLOR").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }

  /**
   * Everything on standard input.
   *
   * @throws CommandFailedException when it is longer than {@code most} bytes
   */
  byte[] readInput(int most) {
    try {
      byte[] read = in.readNBytes(most + 1);
      if (read.length > most) {
        throw new CommandFailedException("standard input holds more than " + most + " bytes");
      }
      return read;
    } catch (IOException e) {
      throw new CommandFailedException("standard input cannot be read");
    }
  }

  private record ConsoleTerminal(Console console) implements Terminal {
    @Override
    public String ask(String question) {
      String line = console.readLine("%s ", question);
      return line == null ? "" : line;
    }

    @Override
    public String askSecret(String question) {
      char[] typed = console.readPassword("%s ", question);
      return typed == null ? "" : new String(typed);
    }
  }
}
