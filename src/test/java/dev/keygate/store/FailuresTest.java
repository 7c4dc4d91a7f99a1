package dev.keygate.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class FailuresTest {
  @ParameterizedTest
  @CsvSource({
    "08001, cannot be reached",
    "08006, cannot be reached",
    "22021, SQLSTATE 22021",
    "23505, contradicts another",
    "25006, name the primary",
    "28P01, user name or password",
    "3D000, create it first",
    "42501, may not do this",
    "53100, disk is full",
    "53300, max_connections",
    "55P03, another node",
    "57014, took too long",
    "57P01, starting or shutting down",
    "XX000, SQLSTATE XX000",
  })
  void whatPostgresqlReportsIsExplained(String state, String explanation) {
    SQLException reported = new SQLException("planted-value", state);
    StoreException explained = Failures.explain(new IllegalStateException(reported));
    assertThat(explained).hasMessageContaining(explanation).hasCause(reported);
    assertThat(explained.getMessage()).doesNotContain("planted-value");
  }

  @ParameterizedTest
  @CsvSource({
    "SQLITE_BUSY, locked",
    "SQLITE_BUSY_SNAPSHOT, locked",
    "SQLITE_READONLY_DIRECTORY, must own it",
    "SQLITE_CANTOPEN, must own it",
    "SQLITE_IOERR_FSYNC, check the disk",
    "SQLITE_CORRUPT, restore it",
    "SQLITE_NOTADB, restore it",
    "SQLITE_FULL, disk is full",
    "SQLITE_CONSTRAINT_UNIQUE, contradicts another",
    "SQLITE_MISUSE, SQLITE_MISUSE",
  })
  void whatSqliteReportsIsExplained(SQLiteErrorCode code, String explanation) {
    assertThat(Failures.explain(new SQLiteException("planted-value", code)))
        .hasMessageContaining(explanation);
  }

  @Test
  void onlyDataCanBeRefused() {
    assertThat(Stream.of("22003", "22021", "23505", "08006", "40001", "53100", "57014"))
        .filteredOn(state -> Failures.explain(new SQLException("planted-value", state)).isRefusal())
        .containsExactly("22003", "22021", "23505");
    assertThat(
            Stream.of(
                SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE,
                SQLiteErrorCode.SQLITE_BUSY,
                SQLiteErrorCode.SQLITE_FULL))
        .filteredOn(
            code -> Failures.explain(new SQLiteException("planted-value", code)).isRefusal())
        .containsExactly(SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE);
    assertThat(new StoreException("closed").isRefusal()).isFalse();
  }

  @Test
  void waitingForAConnectionInVainIsExplained() {
    assertThat(Failures.explain(new SQLTransientConnectionException("pool")))
        .hasMessageContaining("no connection to the database became free");
  }

  @Test
  void theDriversReportCountsAndNotWhatWasWrappedAroundIt() {
    SQLException driver = new SQLException("driver", "08001");
    SQLException pool = new SQLTransientConnectionException("pool", driver);
    assertThat(Failures.explain(pool)).hasMessageContaining("cannot be reached").hasCause(driver);
  }

  @Test
  void whatIsNoDatabaseReportIsNamedByItsTypeAlone() {
    assertThat(Failures.explain(new IllegalStateException("planted-value")))
        .hasMessage("the database failed: IllegalStateException")
        .hasNoCause();
  }
}
