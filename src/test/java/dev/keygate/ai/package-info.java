/** Tests of the ai-gateway action. */
@NullMarked
package dev.keygate.ai;

import org.jspecify.annotations.NullMarked;
