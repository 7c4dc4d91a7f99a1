package dev.keygate.ai;

import dev.keygate.policy.expression.Expression;

/** A selection strategy of a policy: as it is written, and as it runs. */
public record Strategy(String text, Expression expression) {}
