@NullMarked
package dev.keygate.usage;

import org.jspecify.annotations.NullMarked;
