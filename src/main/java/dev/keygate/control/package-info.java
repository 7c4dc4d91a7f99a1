/** The control API: blocking code on virtual threads over the store. */
@NullMarked
package dev.keygate.control;

import org.jspecify.annotations.NullMarked;
