package dev.keygate.policy.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a configuration record, in order. Made by reflection once per record class, when a
 * policy is compiled; requests never see it.
 *
 * @param <C> the record
 */
final class ConfigShape<C extends Record> {

  /**
   * One field.
   *
   * @param name as documents write it: {@code status_code} for {@code statusCode}
   * @param optional whether leaving it out gives null
   */
  record Field(String name, FieldType type, Setting setting, boolean optional) {
    boolean isRequired() {
      boolean emptyWhenAbsent =
          (type instanceof FieldType.ListOf || type instanceof FieldType.MapOf)
              && setting.atLeast().isEmpty();
      return !optional && setting.defaultsTo().isEmpty() && !emptyWhenAbsent;
    }
  }

  private static final ClassValue<ConfigShape<?>> SHAPES =
      new ClassValue<>() {
        @Override
        protected ConfigShape<?> computeValue(Class<?> type) {
          return new ConfigShape<>(type.asSubclass(Record.class));
        }
      };

  private final Class<C> type;
  private final List<Field> fields;
  private final Constructor<C> constructor;

  private ConfigShape(Class<C> type) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    List<Field> described = new ArrayList<>();
    Class<?>[] parameters = new Class<?>[components.length];
    for (int at = 0; at < components.length; at++) {
      described.add(field(components[at]));
      parameters[at] = components[at].getType();
    }
    this.fields = List.copyOf(described);
    try {
      this.constructor = type.getDeclaredConstructor(parameters);
      this.constructor.setAccessible(true);
    } catch (NoSuchMethodException impossible) {
      throw new IllegalStateException(type + " is not a record", impossible);
    }
  }

  /**
   * The shape of a record.
   *
   * @throws IllegalArgumentException if a component has no {@link Setting} or a type that policies
   *     cannot configure
   */
  @SuppressWarnings("unchecked") // computeValue answers with the shape of the class it is asked for
  static <C extends Record> ConfigShape<C> of(Class<C> type) {
    return (ConfigShape<C>) SHAPES.get(type);
  }

  List<Field> fields() {
    return fields;
  }

  List<String> names() {
    return fields.stream().map(Field::name).toList();
  }

  /**
   * Makes the record.
   *
   * @throws IllegalArgumentException if its constructor refuses the values
   */
  C create(@Nullable Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException thrown) {
      if (thrown.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(type + " could not be made", thrown);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + " could not be made", impossible);
    }
  }

  private static Field field(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    if (setting == null) {
      throw new IllegalArgumentException(component + " needs a @Setting");
    }
    boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    return new Field(
        snakeCase(component.getName()),
        FieldType.of(component.getGenericType()),
        setting,
        optional);
  }

  private static String snakeCase(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
