/**
 * Configuration records: one description of each field from which documents are read, the JSON
 * Schema is made and the reference pages are written.
 */
@NullMarked
package dev.keygate.policy.config;

import org.jspecify.annotations.NullMarked;
