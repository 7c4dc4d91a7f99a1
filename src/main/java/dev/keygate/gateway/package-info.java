/** The data plane's front: listener, endpoint by host, key check, policy phases, refusals. */
@NullMarked
package dev.keygate.gateway;

import org.jspecify.annotations.NullMarked;
