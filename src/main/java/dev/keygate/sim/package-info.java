/** A simulated OpenAI- and Anthropic-compatible provider for the demo, tests and benchmarks. */
@NullMarked
package dev.keygate.sim;

import org.jspecify.annotations.NullMarked;
