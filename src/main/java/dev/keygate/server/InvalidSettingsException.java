package dev.keygate.server;

import java.util.List;

/** The configuration is wrong: every problem at once, each saying where and what would be right. */
public final class InvalidSettingsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidSettingsException(List<String> problems) {
    super(String.join("\n", problems));
  }
}
