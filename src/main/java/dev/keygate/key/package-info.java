/** Gateway API key tokens and the ring that checks them; management tokens. */
@NullMarked
package dev.keygate.key;

import org.jspecify.annotations.NullMarked;
