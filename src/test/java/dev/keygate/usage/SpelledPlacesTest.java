package dev.keygate.usage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SpelledPlacesTest {
  private final SpelledPlaces places = new SpelledPlaces();

  @Property(tries = 200)
  void aTextIsFoundInThePlaceInWhichItWasKept(
      @ForAll @Size(max = 500) List<@IntRange(max = 300) Integer> numbers) {
    List<String> kept = new ArrayList<>();
    for (int number : numbers) {
      String text = "text " + number;
      assertThat(places.of(text)).isEqualTo(kept.indexOf(text));
      if (!kept.contains(text)) {
        places.keep(text);
        kept.add(text);
      }
    }
    places.clear();
    assertThat(kept).allMatch(text -> places.of(text) < 0);
  }

  @Test
  void asManyAsThereMayBeAreFoundAndNoMore() {
    IntStream.range(0, Spelled.MOST + 100).forEach(number -> places.keep("aigk_" + number));
    // One in some hundred has neighbours enough to have no slot.
    assertThat(IntStream.range(0, Spelled.MOST).filter(this::isInItsPlace).count())
        .isGreaterThan(Spelled.MOST * 98 / 100);
    assertThat(IntStream.range(Spelled.MOST, Spelled.MOST + 100))
        .allMatch(number -> places.of("aigk_" + number) < 0);
  }

  private boolean isInItsPlace(int number) {
    int place = places.of("aigk_" + number);
    assertThat(place).isIn(number, -1);
    return place == number;
  }

  @Test
  void textsOfOneHashAreInTheirPlacesOrForgotten() {
    List<String> alike = ofOneHash();
    alike.forEach(places::keep);
    places.keep("another");
    for (int i = 0; i < alike.size(); i++) {
      assertThat(places.of(alike.get(i))).isIn(i, -1);
    }
    assertThat(places.of(alike.getFirst())).isZero();
    assertThat(places.of(alike.getLast())).as("looked for in a few slots").isNegative();
    assertThat(places.of("another")).isEqualTo(alike.size());
  }

  /** 1,024 texts whose {@code hashCode} is the same. */
  static List<String> ofOneHash() {
    List<String> texts = List.of("");
    for (int i = 0; i < 10; i++) {
      texts = texts.stream().flatMap(text -> List.of(text + "Aa", text + "BB").stream()).toList();
    }
    return texts;
  }
}
