package dev.keygate.policy.action;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RocaModulusTest {
  private static final BigInteger GENERATOR = BigInteger.valueOf(65_537);
  private final Random random = new Random(7);

  /** Factors of such keys are k * M + (65537^a mod M), M being a product of the first primes. */
  @Test
  void whatIsMadeLikeThoseKeysIsKnown() {
    BigInteger product = BigInteger.ONE;
    BigInteger prime = BigInteger.ONE;
    for (int i = 0; i < 126; i++) {
      prime = prime.nextProbablePrime();
      product = product.multiply(prime);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(RocaModulus.is(factor(product).multiply(factor(product)))).isTrue();
    }
  }

  @Test
  void otherModuliAreNot() {
    assertThat(
            IntStream.range(0, 200)
                .mapToObj(i -> new BigInteger(2048, random).setBit(2047).setBit(0))
                .filter(RocaModulus::is))
        .isEmpty();
  }

  private BigInteger factor(BigInteger product) {
    BigInteger power = GENERATOR.modPow(new BigInteger(60, random), product);
    return new BigInteger(40, random).multiply(product).add(power);
  }
}
