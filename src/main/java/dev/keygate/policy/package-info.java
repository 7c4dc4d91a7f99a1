/** Traffic policy: documents, compiled rules, expressions, templates. */
@NullMarked
package dev.keygate.policy;

import org.jspecify.annotations.NullMarked;
