package dev.keygate.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The blocks of a page: policies and other files, which begin with a comment that names them, and
 * commands.
 */
record GuidePage(List<Block> blocks) {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern FILE_NAME = Pattern.compile("# (\\S+)");

  /** A block of the page. */
  sealed interface Block {}

  /** A file; the first line names it. */
  record File(String name, String text) implements Block {}

  /** Lines for a shell. */
  record Commands(List<String> lines) implements Block {}

  static GuidePage read(Path page) throws IOException {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = FENCED.matcher(Files.readString(page));
    while (matcher.find()) {
      String text = matcher.group(2);
      blocks.add(
          switch (matcher.group(1)) {
            case "yaml" -> file(text);
            case "sh" -> new Commands(text.lines().toList());
            default -> throw new IllegalArgumentException("a block of " + matcher.group(1));
          });
    }
    return new GuidePage(blocks);
  }

  private static File file(String text) {
    Matcher name = FILE_NAME.matcher(text.lines().findFirst().orElse(""));
    if (!name.matches()) {
      throw new IllegalArgumentException("a file without a name: " + text);
    }
    return new File(name.group(1), text);
  }
}
