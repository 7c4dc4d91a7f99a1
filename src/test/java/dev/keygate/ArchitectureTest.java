package dev.keygate;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of the house (ARCHITECTURE.md): a package uses only packages below it. */
class ArchitectureTest {
  private static final String ROOT = "dev.keygate";

  /** From the roof down; those on one line do not use each other. */
  private static final List<List<String>> FLOORS =
      List.of(
          List.of("cli"),
          List.of("server"),
          List.of("control"),
          List.of("gateway"),
          List.of("cluster"),
          List.of("ai"),
          List.of("live"),
          List.of("policy"),
          List.of("exchange"),
          List.of("key", "secret", "endpoint", "usage", "ratelimit", "store", "telemetry", "sim"),
          List.of("address", "identifier"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  static List<List<String>> floors() {
    return FLOORS;
  }

  @ParameterizedTest
  @MethodSource("floors")
  void aPackageUsesOnlyPackagesBelowIt(List<String> floor) {
    int level = FLOORS.indexOf(floor);
    for (String user : floor) {
      List<String> forbidden =
          FLOORS.subList(0, level + 1).stream()
              .flatMap(List::stream)
              .filter(other -> !other.equals(user))
              .toList();
      if (!forbidden.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage(packageOf(user))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                forbidden.stream().map(ArchitectureTest::packageOf).toArray(String[]::new))
            .check(CLASSES);
      }
    }
  }

  @Test
  void thereAreNoCycles() {
    SlicesRuleDefinition.slices()
        .matching(ROOT + ".(*)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void everyPackageHasItsFloor() {
    List<String> known = FLOORS.stream().flatMap(List::stream).toList();
    assertThat(
            CLASSES.stream()
                .map(type -> type.getPackageName())
                .filter(name -> !name.equals(ROOT))
                .map(name -> name.substring(ROOT.length() + 1).split("\\.", -1)[0])
                .distinct())
        .isSubsetOf(known);
  }

  @Test
  void policyKnowsNothingOfHttpServersAndClients() {
    noClasses()
        .that()
        .resideInAnyPackage(packageOf("policy"), packageOf("exchange"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.vertx.core.http..")
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineWritesToTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage(packageOf("cli"))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .check(CLASSES);
  }

  @Test
  void theWallClockIsReadThroughAnInjectedClock() {
    noClasses()
        .that()
        .resideOutsideOfPackages(packageOf("server"), packageOf("cli"), packageOf("sim"))
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(CLASSES);
  }

  private static String packageOf(String name) {
    return ROOT + "." + name + "..";
  }
}
