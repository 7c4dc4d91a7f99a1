@NullMarked
package dev.keygate.policy.config;

import org.jspecify.annotations.NullMarked;
