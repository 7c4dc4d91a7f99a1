@NullMarked
package dev.keygate.identifier;

import org.jspecify.annotations.NullMarked;
