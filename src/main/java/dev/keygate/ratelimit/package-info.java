/** Rate limits: buckets with exact sliding windows, and the keyed hash that names them. */
@NullMarked
package dev.keygate.ratelimit;

import org.jspecify.annotations.NullMarked;
