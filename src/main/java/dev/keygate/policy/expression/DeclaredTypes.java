package dev.keygate.policy.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import java.util.List;
import java.util.Optional;

/** The types of a vocabulary, as the compiler looks them up. Immutable. */
final class DeclaredTypes implements CelTypeProvider {
  private final ImmutableList<CelType> types;

  DeclaredTypes(List<StructType> types) {
    this.types = ImmutableList.copyOf(types);
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return types;
  }

  @Override
  public Optional<CelType> findType(String name) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
