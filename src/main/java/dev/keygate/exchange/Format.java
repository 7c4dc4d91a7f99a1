package dev.keygate.exchange;

/** The wire format a client or a provider speaks. It decides the shape of errors. */
public enum Format {
  OPENAI,
  ANTHROPIC
}
