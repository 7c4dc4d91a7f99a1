package dev.keygate.store;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteException;

/**
 * Puts what databases report into words that say what to do. Only the driver's own exception
 * becomes the cause: the ones around it repeat the values that a statement was given.
 */
final class Failures {
  private Failures() {}

  static StoreException explain(Throwable failure) {
    SQLException reported = find(failure);
    if (reported == null) {
      return new StoreException("the database failed: " + nameOf(failure), null);
    }
    return new StoreException(explain(reported), reported);
  }

  /** Whether it is about the data, and not about the state of the database. */
  static boolean isRefusal(SQLException reported) {
    if (reported instanceof SQLiteException sqlite) {
      return switch (sqlite.getResultCode().code & 0xff) {
        case 18, 19, 20 -> true; // too big, constraint, mismatch
        default -> false;
      };
    }
    String state = reported.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  /** The innermost report, which is the driver's. */
  private static @Nullable SQLException find(Throwable failure) {
    SQLException found = null;
    for (Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof SQLException reported) {
        found = reported;
      }
    }
    return found;
  }

  private static String explain(SQLException reported) {
    if (reported instanceof SQLiteException sqlite) {
      return explainSqlite(sqlite);
    }
    String state = reported.getSQLState();
    if (state == null) {
      return reported instanceof SQLTransientConnectionException
          ? "no connection to the database became free in time: it is slow or overloaded"
          : "the database failed: " + nameOf(reported);
    }
    return explainState(state);
  }

  private static String explainSqlite(SQLiteException reported) {
    // Extended codes carry the kind in their lowest byte (sqlite.org/rescode.html).
    return switch (reported.getResultCode().code & 0xff) {
      case 5, 6 ->
          "the database file is locked: stop the other process that uses the same data directory";
      case 3, 8, 14, 23 ->
          "the database file cannot be opened for writing: the user that runs Keygate must own it"
              + " and its directory, on a file system that is not read-only";
      case 10 -> "the disk under the database file failed: check the disk and the system's log";
      case 11, 26 ->
          "the database file is damaged or is no SQLite database: restore it from a backup";
      case 13 -> "the disk is full: free space under the data directory";
      case 19 -> "the database refused a row that contradicts another (constraint)";
      default -> "the database failed: SQLite error " + reported.getResultCode().name();
    };
  }

  /** By SQLSTATE (PostgreSQL's documentation, appendix A). */
  private static String explainState(String state) {
    return switch (state) {
      case "25006" ->
          "the PostgreSQL server only reads: name the primary in the database URL, not a standby";
      case "3D000" -> "the database named in the URL does not exist: create it first";
      case "42501" ->
          "the database user may not do this: it must own the database's schema (GRANT ALL ON"
              + " SCHEMA public TO the user)";
      case "53100" -> "PostgreSQL's disk is full: free space on the server";
      case "53300" ->
          "PostgreSQL has no connection left: raise its max_connections, or run fewer nodes";
      case "55P03" -> "another node has been writing for too long: check that all nodes are well";
      case "57014" -> "the statement took too long and was stopped: the database is overloaded";
      case "57P01", "57P02", "57P03" -> "the PostgreSQL server is starting or shutting down";
      default -> explainClass(state);
    };
  }

  private static String explainClass(String state) {
    return switch (state.substring(0, Math.min(2, state.length()))) {
      case "08" ->
          "PostgreSQL cannot be reached: check host, port and network of the database URL, and that"
              + " the server runs";
      case "22" -> "the database refused a value that it cannot hold (SQLSTATE " + state + ")";
      case "23" -> "the database refused a row that contradicts another (constraint)";
      case "28" -> "PostgreSQL refused the user name or password of the database URL";
      default -> "the database failed: SQLSTATE " + state;
    };
  }

  private static String nameOf(Throwable failure) {
    return failure.getClass().getSimpleName();
  }
}
