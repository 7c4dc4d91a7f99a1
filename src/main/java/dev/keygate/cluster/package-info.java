/** What several nodes hold in common: rate limits that are counted in Redis or Valkey. */
@NullMarked
package dev.keygate.cluster;

import org.jspecify.annotations.NullMarked;
