package dev.keygate.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keygate.identifier.Base62;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdFormTest {
  private final IdWriter writer = new IdWriter();

  @Property(tries = 500)
  void idsOfAnyKindAreReadAsTheyWereWritten(
      @ForAll @Size(max = 20) List<@StringLength(max = 300) String> some) {
    List<String> ids = some.stream().map(id -> id.replaceAll("\\p{Cs}", "?")).toList();
    List<String> cut =
        ids.stream()
            .map(id -> id.substring(0, Math.min(id.length(), RecordWriter.MAX_TEXT)))
            .toList();
    assertThat(again(ids)).isEqualTo(cut);
  }

  @Property(tries = 500)
  void idsOfOneFormAreReadAsTheyWereWritten(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int length = random.nextInt(40);
    List<String> ids = new ArrayList<>();
    String id = Base62.random(random, length);
    for (int i = 0; i < 50; i++) {
      int shared = random.nextInt(length + 1);
      id = id.substring(0, shared) + Base62.random(random, length - shared);
      ids.add(id);
    }
    assertThat(again(ids)).isEqualTo(ids);
  }

  @Test
  void anIdTakesWhatIsNewInItAtSixBitsADigit() {
    SplittableRandom random = new SplittableRandom(1);
    IntStream.range(0, 1000).forEach(i -> writer.add("req_3Mm1e" + Base62.random(random, 22)));
    assertThat(writer.length()).isLessThan(1000 * (1 + 17) + 20);
  }

  @ParameterizedTest
  @ValueSource(ints = {199, 200, 201, 230, 254, 255, 256, 1000})
  void idsAreCutWhereverTheyAreAlike(int length) {
    String id = "a".repeat(length);
    List<String> ids = List.of(id, id, id.substring(1) + "b", id);
    assertThat(again(ids))
        .isEqualTo(
            ids.stream()
                .map(i -> i.substring(0, Math.min(length, RecordWriter.MAX_TEXT)))
                .toList());
  }

  @Property(tries = 1000)
  void anyOtherBytesAreRefused(@ForAll @Size(max = 300) byte[] bytes) {
    IdReader reader = new IdReader(bytes, 0, bytes.length);
    try {
      for (int i = 0; i <= bytes.length; i++) {
        assertThat(reader.next()).isNotNull();
      }
      throw new AssertionError("more ids than bytes");
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  @Test
  void anIdLongerThanAnyThatIsWrittenIsRefused() {
    byte[] bytes = new byte[3 + 601];
    bytes[0] = (byte) IdWriter.SPELLED;
    bytes[1] = 601 >> Byte.SIZE;
    bytes[2] = (byte) 601;
    IdReader tooLong = new IdReader(bytes, 0, bytes.length);
    assertThatThrownBy(tooLong::next).hasMessage("an id of 601 bytes");
    bytes[2] = (byte) 600;
    assertThat(new IdReader(bytes, 0, bytes.length).next()).hasSize(600);
    String widest = "語".repeat(RecordWriter.MAX_TEXT);
    assertThat(again(List.of(widest))).containsExactly(widest);
  }

  @Test
  void idsThatEndEarlyAreRefused() {
    Stream.of("req_3Mm1estdzUo5yJWGtysrfV9xg7Z", "req_3Mm1estdzUo5yJWGtysrfV9xg80")
        .forEach(writer::add);
    for (int cut = 0; cut < writer.length(); cut++) {
      IdReader reader = new IdReader(writer.bytes(), 0, cut);
      assertThatThrownBy(() -> Stream.generate(reader::next).limit(2).toList())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private List<String> again(List<String> ids) {
    writer.startAnew();
    ids.forEach(writer::add);
    IdReader reader = new IdReader(writer.bytes(), 0, writer.length());
    return Stream.generate(reader::next).limit(ids.size()).toList();
  }
}
