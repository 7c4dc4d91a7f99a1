/** Logs and metrics. */
@NullMarked
package dev.keygate.telemetry;

import org.jspecify.annotations.NullMarked;
