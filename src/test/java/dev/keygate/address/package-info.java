@NullMarked
package dev.keygate.address;

import org.jspecify.annotations.NullMarked;
