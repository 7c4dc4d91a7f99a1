package dev.keygate.ai.catalog;

/** What a model is for: which surfaces it is a candidate on when no model is named. */
public enum Kind {
  CHAT,
  EMBEDDING,
  OTHER
}
