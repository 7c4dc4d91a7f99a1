package dev.keygate.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is said about each kind of mistake, in full. With {@code -Dgolden=write} the expected texts
 * are written anew, to be read before they are committed.
 */
class ProblemsTest {
  private static final Path FOLDER = Path.of("src/test/resources/policy/problems");

  static List<String> documents() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyMistakeIsExplainedAtItsPlace(String name) throws IOException {
    String document = Files.readString(FOLDER.resolve(name));
    Compilation compilation = Policies.compile(document);
    String report = PolicyCheck.report(name, document, compilation);
    Path expected = FOLDER.resolve(name.replace(".yaml", ".txt"));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(expected, report);
    }
    assertThat(report).isEqualTo(Files.readString(expected));
    assertThat(compilation.problems()).isNotEmpty();
  }
}
