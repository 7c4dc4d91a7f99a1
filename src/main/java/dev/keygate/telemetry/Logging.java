package dev.keygate.telemetry;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.slf4j.LoggerFactory;

/**
 * Log lines on standard error, configured by code: Logback finds this class through {@link
 * java.util.ServiceLoader}, so that no XML is read at start. Text at {@code info} until {@link
 * #configure} says otherwise.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String APPENDER = "stderr";

  /** Libraries that say at {@code info} what only their developers need. */
  private static final String[] QUIET = {
    "org.flywaydb", "com.zaxxer.hikari", "io.vertx", "io.netty"
  };

  /** Form of a line. */
  public enum Form {
    TEXT,
    JSON
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    apply(context, Level.INFO, Form.TEXT);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /**
   * Sets level and form for the whole process.
   *
   * @param level {@code error}, {@code warn}, {@code info} or {@code debug}
   */
  public static void configure(String level, Form form) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    apply(context, Level.toLevel(level), form);
  }

  private static void apply(LoggerContext context, Level level, Form form) {
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAppender(APPENDER);
    root.setLevel(level);
    for (String name : QUIET) {
      context.getLogger(name).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.WARN : level);
    }
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName(APPENDER);
    appender.setTarget("System.err");
    appender.setEncoder(encoder(context, form));
    appender.start();
    root.addAppender(appender);
  }

  private static Encoder<ILoggingEvent> encoder(LoggerContext context, Form form) {
    EncoderBase<ILoggingEvent> encoder =
        switch (form) {
          case TEXT -> {
            PatternLayoutEncoder text = new PatternLayoutEncoder();
            text.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n");
            yield text;
          }
          case JSON -> new JsonEncoder();
        };
    encoder.setContext(context);
    encoder.start();
    return encoder;
  }
}
