package dev.keygate.exchange;

import io.vertx.core.MultiMap;

/**
 * An answer on its way to the client. The headers may still be changed by response rules.
 *
 * @param headers case-insensitive; no hop-by-hop fields (RFC 9110 section 7.6.1)
 */
public record Response(int status, MultiMap headers, ResponseBody body) {}
