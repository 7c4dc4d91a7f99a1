package dev.keygate.ai.translate;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Streams of the shape that providers document, all three saying the same. */
final class Recorded {
  private Recorded() {}

  static byte[] stream(Dialect dialect) {
    String name = dialect.name().toLowerCase(Locale.ROOT) + "-stream.txt";
    try (InputStream in = Recorded.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a stream means, its bytes given in two pieces. */
  static List<StreamEvent> events(Dialect dialect, byte[] bytes, int cut) throws Exception {
    List<StreamEvent> events = new ArrayList<>();
    EventSplitter splitter = new EventSplitter();
    StreamReader reader = StreamReader.of(dialect, events::add);
    for (byte[] piece :
        List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length))) {
      for (byte[] data : splitter.add(piece)) {
        reader.add(data);
      }
    }
    reader.end();
    return events;
  }

  /** A request for a stream, in each dialect. */
  static byte[] request(Dialect dialect) {
    String body =
        switch (dialect) {
          case CHAT ->
              "{'model':'m','messages':[{'role':'user','content':'Hi'}],'stream':true,'stream_options':{'include_usage':true}}";
          case MESSAGES ->
              "{'model':'m','max_tokens':100,'messages':[{'role':'user','content':'Hi'}],'stream':true}";
          case RESPONSES -> "{'model':'m','input':'Hi','stream':true}";
        };
    return json(body);
  }

  /** JSON written with single quotes. */
  static byte[] json(String text) {
    return text.replace('\'', '"').getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
