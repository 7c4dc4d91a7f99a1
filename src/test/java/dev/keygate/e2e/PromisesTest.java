package dev.keygate.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.keygate.server.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The promises on the embedded default, SQLite. */
class PromisesTest extends Promises {
  @Override
  Map<Setting, String> database() {
    return Map.of();
  }

  /** The database file, its write-ahead log, and whatever else lies in the data directory. */
  @Override
  String databaseContents(Path dataDir) {
    StringBuilder contents = new StringBuilder();
    try (Stream<Path> files = Files.list(dataDir)) {
      List<Path> stored =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.endsWith("management-key") && !file.endsWith("master-key"))
              .toList();
      for (Path file : stored) {
        contents.append(new String(Files.readAllBytes(file), ISO_8859_1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return contents.toString();
  }
}
