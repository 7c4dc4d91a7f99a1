package dev.keygate.policy.action;

import dev.keygate.address.Cidr;
import dev.keygate.address.CidrSet;
import dev.keygate.exchange.Exchange;
import dev.keygate.policy.ActionContext;
import dev.keygate.policy.document.Node;
import dev.keygate.policy.document.Quoted;
import dev.keygate.policy.expression.EvaluationException;
import dev.keygate.policy.expression.Template;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A list of address ranges in a policy. Those written out are searched together; those that an
 * expression gives are read for each request. Immutable.
 */
final class AddressList {
  /** Reading a range takes a hundred times as long as finding an address among those known. */
  private static final int MAX_COMPUTED = 100;

  private final String field;
  private final CidrSet written;
  private final List<Template> computed;

  private AddressList(String field, CidrSet written, List<Template> computed) {
    this.field = field;
    this.written = written;
    this.computed = List.copyOf(computed);
  }

  /** Reads a field of a configuration; what is wrong in it is reported at its place. */
  static AddressList of(String field, List<Template> ranges, ActionContext context) {
    List<Cidr> written = new ArrayList<>();
    List<Template> computed = new ArrayList<>();
    for (int at = 0; at < ranges.size(); at++) {
      String constant = ranges.get(at).constant();
      if (constant == null) {
        computed.add(ranges.get(at));
      } else {
        read(constant, item(field, at, context), written, context);
      }
    }
    if (computed.size() > MAX_COMPUTED) {
      context.error(
          field, computed.size() + " expressions: expected at most " + MAX_COMPUTED + " here");
    }
    return new AddressList(field, CidrSet.of(written), computed);
  }

  private static void read(String text, Node at, List<Cidr> ranges, ActionContext context) {
    try {
      Cidr range = Cidr.parse(text);
      ranges.add(range);
      if (!range.isWrittenIn(text)) {
        context.problems().warning(at, Quoted.of(text) + " is read as " + range);
      }
    } catch (IllegalArgumentException malformed) {
      context.problems().error(at, Quoted.of(text) + ": " + malformed.getMessage());
    }
  }

  private static Node item(String field, int at, ActionContext context) {
    return context.config() instanceof Node.Mapping mapping
            && mapping.get(field) instanceof Node.Sequence list
        ? list.items().get(at)
        : context.config();
  }

  /**
   * The narrowest range written out that holds an address, else the first computed one that does,
   * or null.
   *
   * @throws EvaluationException if an expression gives no range
   */
  @Nullable Cidr find(InetAddress address, Exchange exchange) {
    Cidr found = written.find(address);
    for (int at = 0; found == null && at < computed.size(); at++) {
      found = CidrSet.of(List.of(range(computed.get(at), exchange))).find(address);
    }
    return found;
  }

  private Cidr range(Template template, Exchange exchange) {
    try {
      return Cidr.parse(template.render(exchange));
    } catch (IllegalArgumentException malformed) {
      throw new EvaluationException("restrict-ips: " + field + ": " + malformed.getMessage());
    }
  }
}
