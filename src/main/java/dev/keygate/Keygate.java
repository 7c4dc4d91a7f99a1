package dev.keygate;

import dev.keygate.cli.CommandLineTool;

/** The program: everything it can do is a subcommand, see {@code keygate --help}. */
public final class Keygate {
  private Keygate() {}

  public static void main(String[] arguments) {
    System.exit(CommandLineTool.run(arguments));
  }
}
