@NullMarked
package dev.keygate.policy.trial;

import org.jspecify.annotations.NullMarked;
