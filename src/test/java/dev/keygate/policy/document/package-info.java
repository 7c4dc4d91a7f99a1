@NullMarked
package dev.keygate.policy.document;

import org.jspecify.annotations.NullMarked;
