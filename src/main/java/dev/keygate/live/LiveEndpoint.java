package dev.keygate.live;

import dev.keygate.endpoint.Endpoint;
import dev.keygate.policy.TrafficPolicy;

/** An endpoint with its policy compiled. */
public record LiveEndpoint(Endpoint endpoint, TrafficPolicy policy) {}
