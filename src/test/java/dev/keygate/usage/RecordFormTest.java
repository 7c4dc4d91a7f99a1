package dev.keygate.usage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RecordFormTest {
  /** Record number 7 as it was written when records repeated every text. */
  private static final String FORM_BEFORE =
      "011f7265715f30303030303030303030303030303030303030303030303030303787a0f1c2b134dc"
          + "0bbd050465705f31066169676b5f3110636861742d636f6d706c6574696f6e73c801000009313932"
          + "2e302e322e31de02ce0401066770742d346f01066f70656e6169066770742d346f05747269656400"
          + "01066f70656e6169066770742d346f07616967706b5f31c80108616e737765726564067365727665"
          + "6464d8040c2201c1c407";

  /** Records number 7 and 8 as they were written when records referred to the one before alone. */
  private static final List<String> SECOND_FORM =
      List.of(
          "02207265715f30303030303030303030303030303030303030303030303030303787a0f1c2b134dc"
              + "0bbd050565705f31076169676b5f3111636861742d636f6d706c6574696f6e73c80101010a313932"
              + "2e302e322e31de02ce0401076770742d346f01076f70656e6169076770742d346f06747269656400"
              + "01076f70656e6169076770742d346f08616967706b5f31c80109616e737765726564077365727665"
              + "6464d8040c2201c1c407",
          "02207265715f30303030303030303030303030303030303030303030303030303888a0f1c2b134dc"
              + "0bbd05000000c801000000de02ce040100010000000001000000c801000064d8040c2201c1c407");

  /** Both as one batch, as it was when the compressor was given ids as well. */
  private static final String BATCH_BEFORE =
      "780163606098c16c5f945a186f801398b72ff87868a3c91deebdac9ca905f186bc8999e9d9f1868a"
          + "c9198925bac9f9b90539a92599f979c527181919850d2d8df40cf48cf40cef319d6361e44d2f28d1"
          + "35c967e4cd2f48cd4bcce4e22e29ca4c4d6160e4e1e2071a520034e504a360625e71796a516a0a6f"
          + "716a51596a4aca0d161e25c68347d8191818fc09b9cda203ee36a0f2138c40026c31038805264062"
          + "7023010e5241ed";

  private final RecordWriter writer = new RecordWriter();

  @Property(tries = 300)
  void whatIsWrittenIsRead(
      @ForAll @StringLength(max = 200) String text,
      @ForAll @LongRange(min = 0) long number,
      @ForAll @LongRange(min = -1, max = Long.MAX_VALUE - 1) long signed,
      @ForAll @Size(max = 5) List<@StringLength(max = 200) String> texts) {
    String clean = text.replaceAll("\\p{Cs}", "?");
    List<String> many = texts.stream().map(each -> each.replaceAll("\\p{Cs}", "?")).toList();
    RequestRecord record =
        new RequestRecord(
            clean,
            number,
            number,
            signed,
            clean,
            clean,
            clean,
            599,
            clean,
            clean,
            clean,
            number,
            number,
            new Routed(
                many,
                many.stream().map(each -> new Routed.Candidate(clean, each, clean)).toList(),
                many.stream().map(each -> new Routed.Skip(clean, each, clean, each)).toList(),
                List.of(new Routed.Attempt(clean, clean, clean, 500, clean, clean, number, number)),
                new Routed.Tokens(number, number, Routed.Tokens.Source.ESTIMATED),
                signed));
    assertThat(again(record)).isEqualTo(record);
  }

  @Test
  void aRecordOfAnyLengthIsCutToItsBound() {
    String endless = "語".repeat(100_000);
    List<String> many = Collections.nCopies(1000, endless);
    RequestRecord some = Records.numbered(1);
    RequestRecord huge =
        new RequestRecord(
            some.id(),
            1,
            1,
            1,
            endless,
            endless,
            endless,
            200,
            endless,
            endless,
            endless,
            1,
            1,
            new Routed(
                many,
                Collections.nCopies(1000, new Routed.Candidate(endless, endless, endless)),
                Collections.nCopies(1000, new Routed.Skip(endless, endless, endless, endless)),
                Collections.nCopies(
                    1000, new Routed.Attempt(endless, endless, endless, 1, endless, endless, 1, 1)),
                Routed.Tokens.UNKNOWN,
                -1));
    RequestRecord cut = again(huge);
    assertThat(cut.endpointId()).isEqualTo("語".repeat(RecordWriter.MAX_TEXT));
    assertThat(cut.routed().attempts()).hasSize(RecordWriter.MAX_ENTRIES);
    assertThat(cut.routed().cost()).isEqualTo(-1);
  }

  @Property(tries = 500)
  void anyOtherBytesAreRefused(@ForAll @Size(max = 300) byte[] bytes) {
    try {
      assertThat(new RecordReader().read(bytes)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  @Test
  void aRecordThatEndsEarlyIsRefused() {
    int length = writer.write(Records.numbered(1));
    writer.startAnew();
    for (int cut = 0; cut < length; cut++) {
      byte[] part = Arrays.copyOf(writer.bytes(), cut);
      assertThatThrownBy(() -> new RecordReader().read(part))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aRecordRefersToTheOneBefore() {
    byte[] first = bytes(0);
    byte[] second = bytes(1);
    assertThat(second).hasSizeLessThan(FORM_BEFORE.length() / 2 / 2);
    RecordReader reader = new RecordReader();
    assertThat(reader.read(first)).isEqualTo(Records.numbered(0));
    assertThat(reader.read(second)).isEqualTo(Records.numbered(1));
    assertThatThrownBy(() -> new RecordReader().read(second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not read");
    writer.startAnew();
    assertThat(new RecordReader().read(bytes(1))).isEqualTo(Records.numbered(1));
  }

  @Property(tries = 300)
  void recordsOfAnyKindAreReadOneAfterTheOther(
      @ForAll @Size(max = 20) List<@StringLength(max = 300) String> some) {
    List<String> texts = Stream.of(some, some.reversed(), some).flatMap(List::stream).toList();
    RecordWriter one = new RecordWriter();
    RecordReader reader = new RecordReader();
    for (String text : texts) {
      String clean = text.replaceAll("\\p{Cs}", "?");
      RequestRecord record = Records.of(clean, Records.routed(clean));
      int length = one.write(record);
      String cut = clean.substring(0, Math.min(clean.length(), RecordWriter.MAX_TEXT));
      assertThat(reader.read(Arrays.copyOf(one.bytes(), length)))
          .isEqualTo(Records.of(cut, Records.routed(cut)));
    }
  }

  @Test
  void recordsOfTheFormBeforeAreRead() {
    byte[] repeating = HexFormat.of().parseHex(FORM_BEFORE);
    assertThat(new RecordReader().read(repeating)).isEqualTo(Records.numbered(7));
    RecordReader reader = new RecordReader();
    List<RequestRecord> read =
        SECOND_FORM.stream().map(hex -> reader.read(HexFormat.of().parseHex(hex))).toList();
    assertThat(read).containsExactly(Records.numbered(7), Records.numbered(8));
  }

  @Test
  void aTextIsSpelledOnceHoweverManyRecordsAgo() {
    RecordReader reader = new RecordReader();
    int spelled = 0;
    for (int i = 0; i < 30; i++) {
      RequestRecord record = Records.by("aigk_%027d".formatted(i % 3));
      int length = writer.write(record);
      assertThat(reader.read(Arrays.copyOf(writer.bytes(), length))).isEqualTo(record);
      spelled += new String(writer.bytes(), 0, length, UTF_8).contains(record.keyId()) ? 1 : 0;
    }
    assertThat(spelled).isEqualTo(3);
  }

  @Test
  void moreTextsThanAreKeptAreSpelledEachTime() {
    RecordReader reader = new RecordReader();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < Spelled.MOST + 10; i++) {
        RequestRecord record = Records.by("aigk_%027d".formatted(i));
        int length = writer.write(record);
        assertThat(reader.read(Arrays.copyOf(writer.bytes(), length))).isEqualTo(record);
      }
    }
  }

  @Test
  void textsThatSomebodyChoseToBeOfOneHashAreReadAsTheyWere() {
    RecordReader reader = new RecordReader();
    for (int round = 0; round < 2; round++) {
      for (String keyId : SpelledPlacesTest.ofOneHash()) {
        RequestRecord record = Records.by(keyId);
        int length = writer.write(record);
        assertThat(reader.read(Arrays.copyOf(writer.bytes(), length))).isEqualTo(record);
      }
    }
  }

  @Test
  void nothingIsTakenFromRecordsBeforeOnceOneCouldNotBeRead() {
    byte[] first = bytes(0);
    byte[] second = bytes(1);
    byte[] third = bytes(2);
    RecordReader reader = new RecordReader();
    reader.read(first);
    byte[] part = Arrays.copyOf(second, second.length - 1);
    assertThatThrownBy(() -> reader.read(part)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> reader.read(third)).hasMessageContaining("not read");
  }

  @Test
  void aBatchIsSmallAndComesBackInItsOrder() {
    List<RequestRecord> records = IntStream.range(0, 2000).mapToObj(Records::numbered).toList();
    RecordPacker packer = new RecordPacker();
    packer.add(records.subList(0, 3));
    packer.add(records.subList(3, 1500));
    packer.add(records.subList(1500, 2000));
    RecordPacker.Packed packed = finished(packer);
    byte[] bytes = packed.bytes().get();
    assertThat(bytes).hasSizeLessThan(2000 * 20);
    assertThat(packed.count()).isEqualTo(2000);
    assertThat(RecordBatch.unpack(bytes, 2000)).isEqualTo(records);
    byte[] half = Arrays.copyOf(bytes, bytes.length / 2);
    assertThatThrownBy(() -> RecordBatch.unpack(half, 2000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aBatchOfTheFormBeforeIsRead() {
    byte[] before = HexFormat.of().parseHex(BATCH_BEFORE);
    assertThat(RecordBatch.unpack(before, 2))
        .containsExactly(Records.numbered(7), Records.numbered(8));
  }

  @Test
  void aBatchThatWasCutOrChangedIsRefusedOrReadAsSomething() {
    RecordPacker packer = new RecordPacker();
    packer.add(List.of(Records.numbered(1), Records.numbered(2)));
    byte[] bytes = finished(packer).bytes().get();
    for (int at = 0; at < bytes.length; at++) {
      byte[] cut = Arrays.copyOf(bytes, at);
      assertThatThrownBy(() -> RecordBatch.unpack(cut, 2))
          .isInstanceOf(IllegalArgumentException.class);
      byte[] changed = bytes.clone();
      changed[at] ^= (byte) 0x80;
      try {
        assertThat(RecordBatch.unpack(changed, 2)).hasSize(2);
      } catch (IllegalArgumentException refused) {
        assertThat(refused).hasMessageMatching(".+");
      }
    }
  }

  @Test
  void aBatchSaysBetweenWhichIdsAndTimesItIs() {
    RecordPacker packer = new RecordPacker();
    packer.add(List.of(Records.numbered(5), Records.numbered(2), Records.numbered(9)));
    RecordPacker.Packed packed = finished(packer);
    assertThat(packed.firstId()).isEqualTo(Records.numbered(2).id());
    assertThat(packed.lastId()).isEqualTo(Records.numbered(9).id());
    assertThat(packed.firstAt().toEpochMilli()).isEqualTo(Records.numbered(2).startMillis());
    assertThat(packed.lastAt().toEpochMilli()).isEqualTo(Records.numbered(9).endMillis());
  }

  @Test
  void batchesStandForThemselves() {
    RecordPacker packer = new RecordPacker();
    List<RequestRecord> records = List.of(Records.numbered(1), Records.numbered(2));
    packer.add(List.of());
    packer.add(records);
    packer.finish();
    packer.add(List.of());
    packer.add(records);
    assertThat(packer.count()).isEqualTo(2);
    packer.finish();
    packer.finish(); // of none there is no batch
    assertThat(packer.batches()).hasSize(2);
    byte[] first = packer.batches().getFirst().bytes().get();
    assertThat(RecordBatch.unpack(first, 2)).isEqualTo(records);
    assertThat(packer.batches().getLast().bytes().get()).isEqualTo(first);
    packer.clear();
    assertThat(packer.batches()).isEmpty();
    packer.add(records);
    assertThat(finished(packer).bytes().get()).isEqualTo(first);
  }

  @Test
  void batchesAreWholeHoweverManyThereAre() {
    RecordPacker packer = new RecordPacker();
    List<RequestRecord> records = IntStream.range(0, 2000).mapToObj(Records::numbered).toList();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 100; i++) {
        packer.add(records);
        packer.finish();
      }
      int bytes = 0;
      for (RecordPacker.Packed packed : packer.batches()) {
        assertThat(RecordBatch.unpack(packed.bytes().get(), 2000)).isEqualTo(records);
        bytes += packed.bytes().get().length;
      }
      assertThat(bytes).as("more than fits into a piece").isGreaterThan(300_000);
      packer.clear();
    }
  }

  private static RecordPacker.Packed finished(RecordPacker packer) {
    packer.finish();
    return packer.batches().getLast();
  }

  private byte[] bytes(int number) {
    int length = writer.write(Records.numbered(number));
    return Arrays.copyOf(writer.bytes(), length);
  }

  private RequestRecord again(RequestRecord record) {
    writer.startAnew();
    int length = writer.write(record);
    return new RecordReader().read(Arrays.copyOf(writer.bytes(), length));
  }
}
