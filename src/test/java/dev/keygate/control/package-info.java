@NullMarked
package dev.keygate.control;

import org.jspecify.annotations.NullMarked;
