/** The ai-gateway action: candidates, provider credentials, attempts, upstream client, streams. */
@NullMarked
package dev.keygate.ai;

import org.jspecify.annotations.NullMarked;
