@NullMarked
package dev.keygate.ai.catalog;

import org.jspecify.annotations.NullMarked;
