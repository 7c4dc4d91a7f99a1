/** Commands: serve, sim, api, policy, token. Each a client of what lies below. */
@NullMarked
package dev.keygate.cli;

import org.jspecify.annotations.NullMarked;
