package dev.keygate.store;

import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.SqlParser;
import org.jdbi.v3.core.statement.StatementContext;

/**
 * Takes every {@code ?} for a parameter, which is all that this package's statements need: Jdbi's
 * own parser understands far more and costs a good part of the time to start.
 */
final class PositionalSqlParser implements SqlParser {
  @Override
  public ParsedSql parse(String sql, StatementContext context) {
    ParsedSql.Builder parsed = ParsedSql.builder();
    int start = 0;
    for (int mark = sql.indexOf('?'); mark >= 0; mark = sql.indexOf('?', start)) {
      parsed.append(sql.substring(start, mark)).appendPositionalParameter();
      start = mark + 1;
    }
    return parsed.append(sql.substring(start)).build();
  }

  @Override
  public String nameParameter(String rawName, StatementContext context) {
    throw new UnsupportedOperationException("named parameter " + rawName + "; expected '?'");
  }
}
