/** One request as every part of the data plane sees it, and how a step on it ends. */
@NullMarked
package dev.keygate.exchange;

import org.jspecify.annotations.NullMarked;
