package dev.keygate.endpoint;

import java.util.Locale;

/**
 * What an endpoint's URL says about hosts: an exact name or a wildcard over one label and more
 * ({@code *.example.com}), with or without a port.
 *
 * @param name lower-case host without the wildcard: {@code example.com}
 * @param wildcard whether it stands for every name below {@code name}
 * @param port 1 to 65535, or 0 for any port
 */
public record HostPattern(String name, boolean wildcard, int port) {
  public HostPattern {
    name = name.toLowerCase(Locale.ROOT);
  }
}
