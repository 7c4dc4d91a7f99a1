package dev.keygate.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;

class RecordFormTest {
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
      assertThat(RecordBatch.record(bytes)).isNotNull();
    } catch (IllegalArgumentException refused) {
      assertThat(refused).hasMessageMatching(".+");
    }
  }

  @Test
  void aRecordThatEndsEarlyIsRefused() {
    int length = writer.write(Records.numbered(1));
    for (int cut = 0; cut < length; cut++) {
      byte[] part = Arrays.copyOf(writer.bytes(), cut);
      assertThatThrownBy(() -> RecordBatch.record(part))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aBatchIsSmallAndComesBackInItsOrder() {
    List<byte[]> records = IntStream.range(0, 2000).mapToObj(this::bytes).toList();
    byte[] packed = RecordBatch.pack(records);
    assertThat(packed.length).isLessThan(2000 * 40);
    assertThat(RecordBatch.unpack(packed, 2000))
        .extracting(RequestRecord::id)
        .startsWith(Records.numbered(0).id(), Records.numbered(1).id())
        .endsWith(Records.numbered(1999).id());
    assertThatThrownBy(() -> RecordBatch.unpack(Arrays.copyOf(packed, packed.length / 2), 2000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private byte[] bytes(int number) {
    int length = writer.write(Records.numbered(number));
    return Arrays.copyOf(writer.bytes(), length);
  }

  private RequestRecord again(RequestRecord record) {
    int length = writer.write(record);
    return RecordBatch.record(Arrays.copyOf(writer.bytes(), length));
  }
}
