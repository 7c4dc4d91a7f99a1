package dev.keygate.ai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a JSON body's top level are: one scan over the bytes, nothing built from
 * them. What the gateway decides by ({@code model}, {@code models}, {@code stream}) may be there
 * once, spelled plainly, and in no other letter case, since a provider that reads names more
 * loosely than this one would act on a field that was never checked (SPEC.md section 6).
 */
final class TopLevelFields {
  /** Bound on the fields of the top level; the surfaces know about forty. */
  static final int MAX_FIELDS = 1000;

  /** Bound on the entries of {@code models}. */
  static final int MAX_MODELS = 50;

  private static final int MAX_NAME_LENGTH = 256;
  private static final String MODEL = "model";
  private static final String MODELS = "models";
  private static final String STREAM = "stream";
  private static final String[] DECIDING = {MODEL, MODELS, STREAM};

  /** For each field: start of the name's quote, start of the value, end of the value. */
  private static final int SPAN = 3;

  private final byte[] bytes;
  private final int from;
  private final JsonScanner scanner;
  private int[] spans = new int[8 * SPAN];
  private int count;
  private int afterBrace;
  private final int[] deciding = {-1, -1, -1};
  private @Nullable String model;
  private List<String> models = List.of();

  private TopLevelFields(byte[] bytes, int from, int end) {
    this.bytes = bytes;
    this.from = from;
    this.scanner = new JsonScanner(bytes, from, end);
  }

  /** Scans a body; it must not change while the fields are in use. */
  static TopLevelFields of(Buffer body) throws MalformedBodyException {
    ByteBuf buf = ((BufferInternal) body).getByteBuf();
    int length = buf.readableBytes();
    TopLevelFields fields;
    if (buf.hasArray()) {
      int from = buf.arrayOffset() + buf.readerIndex();
      fields = new TopLevelFields(buf.array(), from, from + length);
    } else {
      fields = new TopLevelFields(ByteBufUtil.getBytes(buf), 0, length);
    }
    fields.scan();
    return fields;
  }

  /** The model the client asks for, or null when the body has no such field. */
  @Nullable String model() {
    return model;
  }

  /** The fallbacks that {@code models} lists, in order. */
  List<String> models() {
    return models;
  }

  /** Whether the client asks for a stream of events. */
  boolean isStream() {
    int field = deciding[2];
    return field >= 0 && bytes[valueStart(field)] == 't';
  }

  /** Offset of the byte after the object's opening brace, from the start of the body. */
  int afterBrace() {
    return afterBrace;
  }

  int count() {
    return count;
  }

  /** The number of the first field with this name, or -1. Names spelled with escapes are found. */
  int find(String name) {
    for (int i = 0; i < count; i++) {
      if (isNamed(i, name)) {
        return i;
      }
    }
    return -1;
  }

  private boolean isNamed(int field, String name) {
    int start = spans[field * SPAN] + 1;
    int end = start;
    while (bytes[end] != '"') {
      if (bytes[end] == '\\' || bytes[end] < 0) {
        return name.equals(name(field)); // not what it looks like, byte by byte
      }
      end++;
    }
    return isSpelled(name, start, end - start);
  }

  /** The field's name as it is meant. */
  String name(int field) {
    int start = spans[field * SPAN];
    int end = start + 1;
    while (bytes[end] != '"') {
      end += bytes[end] == '\\' ? 2 : 1;
    }
    return JsonText.decode(bytes, start + 1, end);
  }

  /** Offset of the name's opening quote, from the start of the body. */
  int start(int field) {
    return spans[field * SPAN] - from;
  }

  /** Offset of the value's first byte, from the start of the body. */
  int valueOffset(int field) {
    return valueStart(field) - from;
  }

  /** Offset of the byte after the value, from the start of the body. */
  int end(int field) {
    return spans[field * SPAN + 2] - from;
  }

  private int valueStart(int field) {
    return spans[field * SPAN + 1];
  }

  private void scan() throws MalformedBodyException {
    scanner.expect('{', "an object");
    afterBrace = scanner.position() - from;
    if (!scanner.skipIf('}')) {
      do {
        field();
      } while (scanner.skipIf(','));
      scanner.expect('}', "',' or '}'");
    }
    if (scanner.peek() >= 0) {
      throw scanner.wrong("nothing after the object");
    }
    readModel();
    readModels();
  }

  private void field() throws MalformedBodyException {
    if (scanner.peek() != '"') {
      throw scanner.wrong("a field name in double quotes");
    }
    if (count == MAX_FIELDS) {
      throw scanner.wrong("at most " + MAX_FIELDS + " fields");
    }
    int start = scanner.position();
    scanner.string();
    int nameEnd = scanner.position() - 1;
    int which = decides(start, nameEnd, scanner.wasEscaped());
    scanner.expect(':', "':' after a field name");
    scanner.peek();
    int valueStart = scanner.position();
    scanner.value();
    if (which >= 0) {
      deciding[which] = count;
    }
    add(start, valueStart, scanner.position());
  }

  private void add(int start, int valueStart, int end) {
    if (count * SPAN == spans.length) {
      spans = Arrays.copyOf(spans, spans.length * 2);
    }
    int at = count * SPAN;
    spans[at] = start;
    spans[at + 1] = valueStart;
    spans[at + 2] = end;
    count++;
  }

  /** Which deciding field the name is, or -1; refuses a second one and any other spelling. */
  private int decides(int start, int end, boolean escaped) throws MalformedBodyException {
    int length = end - start - 1;
    // A long s takes two bytes, so that "models" may be seven long.
    if (!escaped && (length < MODEL.length() || length > MODELS.length() + 1)) {
      return -1;
    }
    for (int i = 0; i < DECIDING.length; i++) {
      if (isSpelled(DECIDING[i], start + 1, length)) {
        if (deciding[i] >= 0) {
          throw at("'" + DECIDING[i] + "' is given a second time", start);
        }
        return i;
      }
    }
    refuseLookalike(JsonText.decode(bytes, start + 1, end), start, escaped);
    return -1;
  }

  private boolean isSpelled(String name, int start, int length) {
    if (length != name.length()) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[start + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private void refuseLookalike(String name, int start, boolean escaped)
      throws MalformedBodyException {
    String folded = name.toLowerCase(Locale.ROOT).replace('\u017f', 's');
    for (String known : DECIDING) {
      if (folded.equals(known)) {
        throw escaped
            ? at("'" + known + "' is spelled with escapes; expected it plain", start)
            : at("'" + name + "' differs from '" + known + "' only in its letters", start);
      }
    }
  }

  private void readModel() throws MalformedBodyException {
    if (deciding[0] >= 0) {
      int start = valueStart(deciding[0]);
      if (bytes[start] != '"') {
        throw at("'model' is not a string", start);
      }
      model = modelName(start, spans[deciding[0] * SPAN + 2]);
    }
  }

  private void readModels() throws MalformedBodyException {
    if (deciding[1] < 0) {
      return;
    }
    int start = valueStart(deciding[1]);
    int end = spans[deciding[1] * SPAN + 2];
    JsonScanner list = new JsonScanner(bytes, start, end);
    if (!list.skipIf('[')) {
      throw at("'models' is not a list", start);
    }
    List<String> names = new ArrayList<>();
    while (!list.skipIf(']')) {
      if (list.peek() != '"') {
        throw at("'models' is not a list of strings", list.position());
      }
      if (names.size() == MAX_MODELS) {
        throw at("'models' has more than " + MAX_MODELS + " entries", list.position());
      }
      int entry = list.position();
      list.string();
      names.add(modelName(entry, list.position()));
      list.skipIf(',');
    }
    models = List.copyOf(names);
  }

  private String modelName(int start, int end) throws MalformedBodyException {
    String name = JsonText.decode(bytes, start + 1, end - 1);
    if (name.isEmpty() || name.length() > MAX_NAME_LENGTH) {
      throw at(
          "a model's name has 1 to " + MAX_NAME_LENGTH + " characters; one that has not", start);
    }
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (c < ' ' || c == 0x7f || Character.isSurrogate(c)) {
        throw at("a model's name holds a character that no name has", start);
      }
    }
    return name;
  }

  private MalformedBodyException at(String what, int position) {
    return MalformedBodyException.at("Invalid request body: " + what, bytes, from, position);
  }
}
