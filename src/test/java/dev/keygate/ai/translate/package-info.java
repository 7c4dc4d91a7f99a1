/** Tests of the translation between chat APIs. */
@org.jspecify.annotations.NullMarked
package dev.keygate.ai.translate;
