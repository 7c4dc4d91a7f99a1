/** Endpoints: a URL that clients call and the policy text behind it. */
@NullMarked
package dev.keygate.endpoint;

import org.jspecify.annotations.NullMarked;
