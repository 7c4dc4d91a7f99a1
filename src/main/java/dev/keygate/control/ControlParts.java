package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.secret.Envelope;
import dev.keygate.store.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What the control API works on.
 *
 * @param publisher called after each committed change and before its answer
 * @param isKnownProvider whether a provider id may have keys
 * @param reasonsAgainstReady empty when the node is ready
 * @param metrics in Prometheus' text form
 * @param gatewayUrl where a person on this machine reaches the gateway; for the dashboard's
 *     examples
 */
public record ControlParts(
    Store store,
    Envelope envelope,
    Identifiers identifiers,
    InstantSource clock,
    Publisher publisher,
    PolicyInspector policies,
    ModelSource models,
    Predicate<String> isKnownProvider,
    Supplier<List<String>> reasonsAgainstReady,
    Supplier<String> metrics,
    String gatewayUrl) {}
