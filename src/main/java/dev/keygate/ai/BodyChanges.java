package dev.keygate.ai;

import dev.keygate.exchange.Surface;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is changed of a client's JSON body for a candidate: its model's name, fields that provider
 * or model do not take (SPEC.md section 7), what the policy adds, and the bound on the answer.
 * Names are compared without regard to case, since some providers read them so; every field of a
 * name is changed, since providers differ in which of two they read. One for each request.
 */
final class BodyChanges {
  private final Surface surface;
  private final long maxOutput;
  private final Map<String, byte[]> added;

  /**
   * @param maxOutput most tokens of the answer; 0 for no bound
   * @param added top-level fields and their JSON, in place of the client's
   */
  BodyChanges(Surface surface, long maxOutput, Map<String, byte[]> added) {
    this.surface = surface;
    this.maxOutput = maxOutput;
    this.added = added;
  }

  /** The body as the candidate gets it; the original itself when nothing is to change. */
  Buffer apply(Buffer body, TopLevelFields fields, Candidate candidate) {
    Set<String> supported = candidate.provider().supportedParams().get(surface);
    Set<String> unsupported = candidate.listing().unsupportedParams();
    boolean isNamedSo = candidate.model().isEmpty() || candidate.model().equals(fields.model());
    if (isNamedSo
        && supported == null
        && unsupported.isEmpty()
        && added.isEmpty()
        && maxOutput == 0
        && fields.models().isEmpty()
        && fields.find("models") < 0) {
      return body;
    }
    return new Change(body, fields, candidate, supported, isNamedSo).made();
  }

  /** One body for one candidate. */
  private final class Change {
    private final Buffer body;
    private final TopLevelFields fields;
    private final Candidate candidate;
    private final @Nullable Set<String> supported;
    private final boolean isNamedSo;
    private final BodySplice splice;
    private final List<String> bounds;
    private boolean isBounded;
    private boolean isNamed;

    Change(
        Buffer body,
        TopLevelFields fields,
        Candidate candidate,
        @Nullable Set<String> supported,
        boolean isNamedSo) {
      this.body = body;
      this.fields = fields;
      this.candidate = candidate;
      this.supported = supported;
      this.isNamedSo = isNamedSo;
      this.splice = new BodySplice(body, fields);
      this.bounds = maxOutput == 0 ? List.of() : AnswerBound.names(surface);
    }

    Buffer made() {
      for (int field = 0; field < fields.count(); field++) {
        change(field, folded(fields.name(field)));
      }
      if (!isNamedSo && !isNamed) {
        splice.add("model", JsonText.encode(candidate.model()));
      }
      added.forEach((name, json) -> {
        if (isTaken(folded(name))) {
          splice.add(name, bounds.contains(name) ? AnswerBound.within(json, maxOutput) : json);
          isBounded |= bounds.contains(name);
        }
      });
      String bound = bounds.isEmpty() || isBounded ? "" : AnswerBound.name(surface, candidate);
      if (!bound.isEmpty() && isTaken(bound)) {
        splice.add(bound, Long.toString(maxOutput).getBytes(StandardCharsets.US_ASCII));
      }
      return splice.apply();
    }

    private void change(int field, String name) {
      if (name.equals("model")) {
        isNamed = true;
        if (!isNamedSo) {
          splice.replace(field, JsonText.encode(candidate.model()));
        }
      } else if (name.equals("models") || isAdded(name) || !isTaken(name)) {
        splice.remove(field);
      } else if (bounds.contains(name)) {
        isBounded = true;
        byte[] said = body.getBytes(fields.valueOffset(field), fields.end(field));
        byte[] allowed = AnswerBound.within(said, maxOutput);
        if (!Arrays.equals(allowed, said)) {
          splice.replace(field, allowed);
        }
      }
    }

    private boolean isAdded(String folded) {
      return added.keySet().stream().anyMatch(name -> folded(name).equals(folded));
    }

    /** Whether provider and model take a field; what requests are routed by always goes. */
    private boolean isTaken(String name) {
      return (supported == null || has(supported, name))
          && !has(candidate.listing().unsupportedParams(), name);
    }
  }

  private static boolean has(Set<String> names, String folded) {
    return names.contains(folded) || names.stream().anyMatch(name -> folded(name).equals(folded));
  }

  /** As the loosest of readers compares names: without case, and a long s for an s. */
  static String folded(String name) {
    return name.toLowerCase(Locale.ROOT).replace('\u017f', 's');
  }
}
