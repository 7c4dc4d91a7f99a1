/** Keygate, a self-hosted AI gateway. */
@NullMarked
package dev.keygate;

import org.jspecify.annotations.NullMarked;
