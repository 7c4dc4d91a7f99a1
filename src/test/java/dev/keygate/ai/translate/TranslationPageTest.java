package dev.keygate.ai.translate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The tables of docs/translation.md are those that requests are checked against. */
class TranslationPageTest {
  private static final Path PAGE = Path.of("docs/translation.md");

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void thePageHasTheTableOfTheDialect(Dialect dialect) throws IOException {
    assertThat(Files.readString(PAGE)).contains(table(dialect));
  }

  static String table(Dialect from) {
    StringBuilder table = new StringBuilder("| field |");
    for (Dialect to : Dialect.values()) {
      table.append(to == from ? "" : " to " + to.title() + " |");
    }
    table.append(" note |\n|---|---|---|---|\n");
    FieldTable.ROWS.stream()
        .filter(row -> row.from() == from)
        .forEach(row -> table.append(line(row)));
    return table.toString();
  }

  private static String line(FieldTable.Row row) {
    StringBuilder line = new StringBuilder("| `" + row.field() + "` |");
    for (Dialect to : Dialect.values()) {
      FieldTable.Fate fate = row.fates().get(to);
      line.append(fate == null ? "" : " " + fate.name().toLowerCase(Locale.ROOT) + " |");
    }
    String harmless =
        row.harmless().stream().sorted().map(v -> "`" + v + "`").collect(Collectors.joining(", "));
    String note = row.note();
    if (!harmless.isEmpty()) {
      note += (note.isEmpty() ? "" : "; ") + harmless + " says nothing";
    }
    return line + " " + note + " |\n";
  }
}
