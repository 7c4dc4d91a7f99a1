/** What is known of providers and their models, and how that is read. */
@NullMarked
package dev.keygate.ai.catalog;

import org.jspecify.annotations.NullMarked;
