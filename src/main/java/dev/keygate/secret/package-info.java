/** Values that must not be seen: a redacting type, and envelope encryption. */
@NullMarked
package dev.keygate.secret;

import org.jspecify.annotations.NullMarked;
