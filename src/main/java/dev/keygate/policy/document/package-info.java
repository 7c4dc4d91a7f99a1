/** A policy document as it was written: nodes with their positions, and what is wrong with them. */
@NullMarked
package dev.keygate.policy.document;

import org.jspecify.annotations.NullMarked;
