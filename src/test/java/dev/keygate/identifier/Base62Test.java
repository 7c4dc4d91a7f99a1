package dev.keygate.identifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class Base62Test {
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  @Test
  void aCharacterIsADigitWhenItIsOneOfTheSixtyTwo() {
    IntStream.rangeClosed(Character.MIN_VALUE, Character.MAX_VALUE)
        .forEach(
            c -> assertThat(Base62.isDigit((char) c)).isEqualTo(DIGITS.indexOf((char) c) >= 0));
  }

  @Property
  void oneStrangeByteAnywhereIsFound(
      @ForAll byte strange,
      @ForAll @IntRange(max = 61) int place,
      @ForAll @IntRange(max = 61) int from) {
    byte[] text = DIGITS.getBytes(ISO_8859_1);
    text[place] = strange;
    boolean isDigit = DIGITS.indexOf((char) (strange & 0xff)) >= 0;
    assertThat(Base62.areDigits(text, from, text.length)).isEqualTo(isDigit || place < from);
    assertThat(Base62.areDigits(text, 0, from)).isEqualTo(isDigit || place >= from);
  }

  @Property
  void whatIsWrittenIsTheNumber(@ForAll @LongRange(max = Long.MAX_VALUE) long value) {
    BigInteger read = BigInteger.ZERO;
    for (char digit : Base62.encode(value, 11).toCharArray()) {
      read = read.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(DIGITS.indexOf(digit)));
    }
    assertThat(read).isEqualTo(BigInteger.valueOf(value));
  }

  @Test
  void highDigitsAreCutOff() {
    assertThat(Base62.encode(62 * 62 + 61, 2)).isEqualTo("0z");
  }
}
