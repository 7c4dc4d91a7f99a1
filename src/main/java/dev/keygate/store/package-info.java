/** Rows and tables on SQLite or PostgreSQL. */
@NullMarked
package dev.keygate.store;

import org.jspecify.annotations.NullMarked;
