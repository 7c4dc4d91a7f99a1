/** CEL: what expressions in a policy may say, and how they are compiled and evaluated. */
@NullMarked
package dev.keygate.policy.expression;

import org.jspecify.annotations.NullMarked;
