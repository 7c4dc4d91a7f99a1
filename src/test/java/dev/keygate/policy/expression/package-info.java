@NullMarked
package dev.keygate.policy.expression;

import org.jspecify.annotations.NullMarked;
