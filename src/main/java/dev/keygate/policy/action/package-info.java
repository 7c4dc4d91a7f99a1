/** The kinds of action that every policy may use: one file each, with its configuration. */
@NullMarked
package dev.keygate.policy.action;

import org.jspecify.annotations.NullMarked;
