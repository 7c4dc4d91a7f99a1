package dev.keygate.key;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class KeyIndexTest {
  /** Many names of one hash: whatever is looked for, others are in the way. */
  private record Name(int number) {
    @Override
    public int hashCode() {
      return number % 3;
    }
  }

  private static final Name NEVER = new Name(100);

  private record Element(Name name, int version) {}

  private static final class Index extends KeyIndex<Name, Element> {
    @Override
    Name nameOf(Element element) {
      return element.name();
    }

    @Override
    boolean hasName(Element element, Name name) {
      return element.name().equals(name);
    }
  }

  private final Index index = new Index();

  @Property
  void findsWhatAMapFinds(
      @ForAll @Size(max = 400) List<@IntRange(min = -40, max = 40) Integer> changes) {
    Index index = new Index();
    Map<Name, Element> map = new HashMap<>();
    int version = 0;
    for (int change : changes) {
      Name name = new Name(Math.abs(change));
      if (change < 0) {
        assertThat(index.remove(name)).isEqualTo(map.remove(name));
      } else {
        Element element = new Element(name, version++);
        assertThat(index.put(element)).isEqualTo(map.put(name, element));
      }
    }
    for (int number = 0; number <= 41; number++) {
      assertThat(index.find(new Name(number))).isEqualTo(map.get(new Name(number)));
    }
    List<Element> all = new ArrayList<>();
    index.forEach(all::add);
    assertThat(all).containsExactlyInAnyOrderElementsOf(map.values()).hasSize(index.size());
  }

  @Test
  void whatComesAndGoesLeavesRoomForMore() {
    Element stays = new Element(new Name(0), 0);
    index.put(stays);
    for (int number = 1; number < 100_000; number++) {
      index.put(new Element(new Name(number), 0));
      assertThat(index.remove(new Name(number))).isNotNull();
    }
    assertThat(index.size()).isOne();
    assertThat(index.find(stays.name())).isSameAs(stays);
    assertThat(index.find(new Name(99_999))).isNull();
  }

  @Test
  void whatStaysIsFoundAndWhatNeverCameIsNotWhileOthersComeAndGo() throws Exception {
    Element stays = new Element(new Name(7), 0);
    index.put(new Element(new Name(1), 0));
    index.put(stays);
    AtomicBoolean done = new AtomicBoolean();
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<Long> missed =
          executor.submit(() -> {
            long wrong = 0;
            while (!done.get()) {
              wrong += stays.equals(index.find(stays.name())) ? 0 : 1;
              wrong += index.find(NEVER) == null ? 0 : 1; // what comes, comes where this look ends
            }
            return wrong;
          });
      try {
        for (int round = 0; round < 20_000; round++) {
          for (int number = 10; number < 40; number++) {
            index.put(new Element(new Name(number), round));
          }
          for (int number = 10; number < 40; number++) {
            index.remove(new Name(number));
          }
        }
      } finally {
        done.set(true);
      }
      assertThat(missed.get()).isZero();
    }
  }
}
