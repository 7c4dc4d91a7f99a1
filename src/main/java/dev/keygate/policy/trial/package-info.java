/** Tries policies on example requests, without a server. */
@NullMarked
package dev.keygate.policy.trial;

import org.jspecify.annotations.NullMarked;
