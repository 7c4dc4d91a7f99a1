@NullMarked
package dev.keygate.policy;

import org.jspecify.annotations.NullMarked;
