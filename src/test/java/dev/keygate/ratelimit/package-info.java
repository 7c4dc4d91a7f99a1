@NullMarked
package dev.keygate.ratelimit;

import org.jspecify.annotations.NullMarked;
