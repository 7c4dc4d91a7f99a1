package dev.keygate.ai.selection;

import static dev.cel.common.types.SimpleType.DOUBLE;
import static dev.cel.common.types.SimpleType.DYN;
import static dev.cel.common.types.SimpleType.INT;
import static dev.cel.common.types.SimpleType.STRING;
import static dev.keygate.ai.selection.Types.AUTHOR;
import static dev.keygate.ai.selection.Types.AUTHORS;
import static dev.keygate.ai.selection.Types.KEY;
import static dev.keygate.ai.selection.Types.KEYS;
import static dev.keygate.ai.selection.Types.MODEL;
import static dev.keygate.ai.selection.Types.MODELS;
import static dev.keygate.ai.selection.Types.PROVIDER;
import static dev.keygate.ai.selection.Types.PROVIDERS;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The functions of strategies, each declared for every type that it takes, so that one that does
 * not fit is found when the policy is saved.
 */
@SuppressWarnings("Immutable") // functions without state
final class StrategyFunctions {
  private static final CelType TEXTS = ListType.create(STRING);
  private static final List<CelType> NAMED = List.of(MODEL, PROVIDER, AUTHOR);
  private static final List<CelType> ALL = List.of(MODEL, PROVIDER, AUTHOR, KEY);

  private final Map<String, List<CelOverloadDecl>> overloads = new LinkedHashMap<>();
  private final List<CelFunctionBinding> bindings = new ArrayList<>();

  StrategyFunctions() {
    names();
    selections();
    places();
    lookUps();
  }

  List<CelFunctionDecl> declarations() {
    return overloads.entrySet().stream()
        .map(entry -> CelFunctionDecl.newFunctionDeclaration(entry.getKey(), entry.getValue()))
        .toList();
  }

  List<CelFunctionBinding> bindings() {
    return bindings;
  }

  private void names() {
    for (CelType item : NAMED) {
      CelType list = ListType.create(item);
      lists("only", item, list, list, TEXTS, (items, names) -> ItemLists.only(items, "id", names));
      lists(
          "ignore",
          item,
          list,
          list,
          TEXTS,
          (items, names) -> ItemLists.ignore(items, "id", names));
    }
    for (String owner : List.of("provider", "author")) {
      String field = owner + "_id";
      String suffix = owner.equals("provider") ? "Providers" : "Authors";
      lists(
          "only" + suffix,
          MODEL,
          MODELS,
          MODELS,
          TEXTS,
          (items, names) -> ItemLists.only(items, field, names));
      lists(
          "ignore" + suffix,
          MODEL,
          MODELS,
          MODELS,
          TEXTS,
          (items, names) -> ItemLists.ignore(items, field, names));
    }
  }

  private void selections() {
    for (CelType item : ALL) {
      CelType list = ListType.create(item);
      one("random", item, item, list, ItemLists::random);
      one("randomize", item, list, list, ItemLists::randomize);
    }
    for (CelType item : ALL) {
      CelType list = ListType.create(item);
      String id = item.name() + "_sort_by_keys";
      add(
          SortBy.FUNCTION,
          CelOverloadDecl.newGlobalOverload(id, list, list, ListType.create(DYN)),
          CelFunctionBinding.from(id, List.class, List.class, SortBy::sort));
    }
    add(
        "sortBy",
        CelOverloadDecl.newMemberOverload("models_sort_by", MODELS, MODELS, STRING),
        CelFunctionBinding.from("models_sort_by", List.class, String.class, ItemLists::sortBy));
    add(
        "underCost",
        CelOverloadDecl.newMemberOverload("models_under_cost", MODELS, MODELS, STRING, DOUBLE),
        CelFunctionBinding.from(
            "models_under_cost",
            List.of(List.class, String.class, Double.class),
            given ->
                ItemLists.underCost((List<?>) given[0], (String) given[1], (Double) given[2])));
    add(
        "underCost",
        CelOverloadDecl.newMemberOverload("models_under_whole_cost", MODELS, MODELS, STRING, INT),
        CelFunctionBinding.from(
            "models_under_whole_cost",
            List.of(List.class, String.class, Long.class),
            given ->
                ItemLists.underCost(
                    (List<?>) given[0], (String) given[1], ((Long) given[2]).doubleValue())));
  }

  private void places() {
    add(
        "inRegion",
        CelOverloadDecl.newMemberOverload("models_in_region", MODELS, MODELS, STRING),
        CelFunctionBinding.from(
            "models_in_region",
            List.class,
            String.class,
            (items, place) -> ItemLists.inPlace(items, "region", place)));
    add(
        "inCountryCode",
        CelOverloadDecl.newMemberOverload("models_in_country", MODELS, MODELS, STRING),
        CelFunctionBinding.from(
            "models_in_country",
            List.class,
            String.class,
            (items, place) -> ItemLists.inPlace(items, "country_code", place)));
  }

  private void lookUps() {
    add(
        "get",
        CelOverloadDecl.newMemberOverload("models_get", MODEL, MODELS, STRING, STRING),
        CelFunctionBinding.from(
            "models_get",
            List.of(List.class, String.class, String.class),
            given -> ItemLists.model((List<?>) given[0], (String) given[1], (String) given[2])));
    for (CelType list : List.of(PROVIDERS, AUTHORS, KEYS)) {
      CelType item = ((ListType) list).elemType();
      String id = item.name() + "_get";
      add(
          "get",
          CelOverloadDecl.newMemberOverload(id, item, list, STRING),
          CelFunctionBinding.from(id, List.class, String.class, ItemLists::get));
    }
    add(
        "getModel",
        CelOverloadDecl.newMemberOverload("provider_get_model", MODEL, PROVIDER, STRING),
        CelFunctionBinding.from(
            "provider_get_model", Item.class, String.class, ItemLists::modelOf));
    for (CelType item : List.of(MODEL, PROVIDER)) {
      String id = item.name() + "_get_metadata";
      add(
          "getMetadata",
          CelOverloadDecl.newMemberOverload(id, DYN, item, STRING),
          CelFunctionBinding.from(id, Item.class, String.class, ItemLists::metadata));
    }
  }

  private void lists(
      String name,
      CelType item,
      CelType result,
      CelType list,
      CelType argument,
      OfTwoLists function) {
    String id = item.name() + '_' + name;
    add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, list, argument),
        CelFunctionBinding.from(id, List.class, List.class, function::apply));
  }

  private void one(String name, CelType item, CelType result, CelType list, OfList function) {
    String id = item.name() + '_' + name;
    add(
        name,
        CelOverloadDecl.newMemberOverload(id, result, list),
        CelFunctionBinding.from(id, List.class, function::apply));
  }

  private void add(String name, CelOverloadDecl overload, CelFunctionBinding binding) {
    overloads.computeIfAbsent(name, added -> new ArrayList<>()).add(overload);
    bindings.add(binding);
  }

  /** A function of a list. */
  private interface OfList {
    Object apply(List<?> items);
  }

  /** A function of a list and a list of names. */
  private interface OfTwoLists {
    Object apply(List<?> items, List<?> names);
  }
}
