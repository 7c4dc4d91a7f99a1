/** The in-memory truth that requests are served from. */
@NullMarked
package dev.keygate.live;

import org.jspecify.annotations.NullMarked;
