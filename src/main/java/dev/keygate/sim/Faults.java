package dev.keygate.sim;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** The faults one request asks for, by its model name and its {@code x-sim-fault} header. */
final class Faults {

  static final Faults NONE = new Faults(new EnumMap<>(Fault.class));

  private static final int LONGEST_MODEL_NAME = 512;

  private final Map<Fault, Integer> numbers;

  private Faults(Map<Fault, Integer> numbers) {
    this.numbers = numbers;
  }

  /**
   * Reads both places; the header wins where both name the same fault.
   *
   * @param header a comma-separated list such as {@code status-429, delay-50ms}
   * @throws UnknownFaultException when the header names something that is no fault; a model name
   *     may contain anything
   */
  static Faults of(String model, String header) throws UnknownFaultException {
    boolean inModel = model.contains("sim-") && model.length() <= LONGEST_MODEL_NAME;
    if (!inModel && header.isBlank()) {
      return NONE;
    }
    Map<Fault, Integer> numbers = new EnumMap<>(Fault.class);
    if (inModel) {
      readModel(model, numbers);
    }
    if (!header.isBlank()) {
      readHeader(header, numbers);
    }
    return new Faults(numbers);
  }

  private static void readModel(String model, Map<Fault, Integer> numbers) {
    for (Fault fault : Fault.values()) {
      Matcher found = fault.inModelName().matcher(model);
      if (found.find()) {
        numbers.put(fault, number(found));
      }
    }
  }

  private static void readHeader(String header, Map<Fault, Integer> numbers)
      throws UnknownFaultException {
    for (String part : header.split(",", -1)) {
      String name = part.strip().startsWith("sim-") ? part.strip().substring(4) : part.strip();
      numbers.putAll(single(name).orElseThrow(() -> new UnknownFaultException(name)));
    }
  }

  private static Optional<Map<Fault, Integer>> single(String name) {
    for (Fault fault : Fault.values()) {
      Matcher matcher = fault.exact().matcher(name);
      if (matcher.matches()) {
        return Optional.of(Map.of(fault, number(matcher)));
      }
    }
    return Optional.empty();
  }

  private static int number(Matcher matcher) {
    return matcher.groupCount() == 0 ? 0 : Integer.parseInt(matcher.group(1));
  }

  boolean has(Fault fault) {
    return numbers.containsKey(fault);
  }

  /** The number the fault was asked for with, or {@code absent} when it was not asked for. */
  int number(Fault fault, int absent) {
    return numbers.getOrDefault(fault, absent);
  }
}
