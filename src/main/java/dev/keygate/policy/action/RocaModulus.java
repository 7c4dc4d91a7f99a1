package dev.keygate.policy.action;

import java.math.BigInteger;
import java.util.List;

/**
 * Knows the moduli of RSA keys that some chips made badly until 2017, and that can be factored
 * (CVE-2017-15361; Nemec, Sys, Svenda, Klinec, Matyas: The Return of Coppersmith's Attack). Their
 * primes are powers of 65537 modulo many small primes; of other moduli one in 200 million is as
 * well.
 */
final class RocaModulus {
  private static final int GENERATOR = 65_537;

  /** Those modulo which the powers of the generator are at most half of all residues. */
  private static final List<Integer> PRIMES =
      List.of(11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157);

  private RocaModulus() {}

  /** Whether a modulus is one of them. */
  static boolean is(BigInteger modulus) {
    return PRIMES.stream()
        .allMatch(prime -> isPower(modulus.mod(BigInteger.valueOf(prime)).intValueExact(), prime));
  }

  private static boolean isPower(int residue, int prime) {
    int power = 1;
    do {
      if (power == residue) {
        return true;
      }
      power = power * (GENERATOR % prime) % prime;
    } while (power != 1);
    return false;
  }
}
