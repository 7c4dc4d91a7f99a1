/** Configuration, wiring by constructor calls, start, drain, stop. */
@NullMarked
package dev.keygate.server;

import org.jspecify.annotations.NullMarked;
