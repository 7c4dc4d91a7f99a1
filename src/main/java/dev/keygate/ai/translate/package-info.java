/**
 * Turns requests, answers and streams of one chat API into those of another (SPEC.md section 6):
 * pure functions, a reader and a writer for each API around one neutral model.
 */
@NullMarked
package dev.keygate.ai.translate;

import org.jspecify.annotations.NullMarked;
