@NullMarked
package dev.keygate.policy.action;

import org.jspecify.annotations.NullMarked;
