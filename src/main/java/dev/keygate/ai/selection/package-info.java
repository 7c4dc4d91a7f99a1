/** Strategies: CEL over models and keys (SPEC.md section 7). */
@NullMarked
package dev.keygate.ai.selection;

import org.jspecify.annotations.NullMarked;
