package dev.keygate.policy.action;

import dev.keygate.address.CidrSet;

/** A named list of address ranges. */
public record IpPolicy(CidrSet allow, CidrSet deny) {}
