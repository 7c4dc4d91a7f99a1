@NullMarked
package dev.keygate.cli;

import org.jspecify.annotations.NullMarked;
