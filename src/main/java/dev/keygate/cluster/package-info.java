/**
 * What several nodes hold in common: rate limits counted in Redis or Valkey, and who has which
 * change.
 */
@NullMarked
package dev.keygate.cluster;

import org.jspecify.annotations.NullMarked;
