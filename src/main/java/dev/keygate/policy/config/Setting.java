package dev.keygate.policy.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one component of a configuration record to those who write policies. A component that
 * is {@code @Nullable} may be left out and is then null; one with a default may be left out; a list
 * or map may be left out and is then empty, unless {@code atLeast} says otherwise; any other is
 * required.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What it is for, in sentences for the reference page. Markdown. */
  String value();

  /** Its value when left out, as it would be written in YAML; empty for none. */
  String defaultsTo() default "";

  /**
   * Smallest allowed: of a number or duration its value, of a text, list or map its size. Empty for
   * no bound.
   */
  String atLeast() default "";

  /** Largest allowed, in the same measure. */
  String atMost() default "";
}
