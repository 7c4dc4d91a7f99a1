/**
 * One request as every part of the data plane sees it, how a step on it ends, and how connections
 * on both sides of it send.
 */
@NullMarked
package dev.keygate.exchange;

import org.jspecify.annotations.NullMarked;
