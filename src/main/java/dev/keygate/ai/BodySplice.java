package dev.keygate.ai;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.ByteArrayOutputStream;
import java.util.BitSet;
import java.util.TreeMap;

/**
 * Changes to top-level fields of a JSON body, made by cutting and inserting bytes: all that is not
 * changed stays byte for byte as it was. The bytes kept are shared with the original, not copied.
 */
final class BodySplice {
  private final Buffer body;
  private final TopLevelFields fields;
  private final TreeMap<Integer, byte[]> replaced = new TreeMap<>();
  private final BitSet removed = new BitSet();
  private final ByteArrayOutputStream added = new ByteArrayOutputStream(0);

  BodySplice(Buffer body, TopLevelFields fields) {
    this.body = body;
    this.fields = fields;
  }

  /** Gives a field this value; one that is not there is added in front of all others. */
  BodySplice set(String name, byte[] json) {
    int field = fields.find(name);
    return field >= 0 ? replace(field, json) : add(name, json);
  }

  /** Gives a field, by its number, this value. */
  BodySplice replace(int field, byte[] json) {
    replaced.put(field, json);
    return this;
  }

  /** Adds a field in front of all others. */
  BodySplice add(String name, byte[] json) {
    added.writeBytes(JsonText.encode(name));
    added.write(':');
    added.writeBytes(json);
    added.write(',');
    return this;
  }

  /** Takes a field out, with its comma. */
  BodySplice remove(String name) {
    int field = fields.find(name);
    return field >= 0 ? remove(field) : this;
  }

  /** Takes a field, by its number, out, with its comma. */
  BodySplice remove(int field) {
    removed.set(field);
    return this;
  }

  /** The changed body; the original itself when nothing changed. */
  Buffer apply() {
    if (replaced.isEmpty() && removed.isEmpty() && added.size() == 0) {
      return body;
    }
    ByteBuf source = ((BufferInternal) body).getByteBuf();
    // Made directly: what the garbage collector frees is nothing for the leak detector to watch.
    CompositeByteBuf parts =
        new CompositeByteBuf(UnpooledByteBufAllocator.DEFAULT, false, 2 * fields.count() + 3);
    int kept = addInFront(parts, source);
    int lastKept = removed.previousClearBit(fields.count() - 1);
    for (int field = 0; field <= lastKept; field++) {
      byte[] value = replaced.get(field);
      if (removed.get(field)) {
        append(parts, source, kept, fields.start(field));
        kept = fields.start(field + 1);
      } else if (value != null) {
        append(parts, source, kept, fields.valueOffset(field));
        parts.addComponent(true, Unpooled.wrappedBuffer(value));
        kept = fields.end(field);
      }
    }
    if (lastKept < fields.count() - 1) {
      append(parts, source, kept, lastKept < 0 ? fields.start(0) : fields.end(lastKept));
      kept = fields.end(fields.count() - 1);
    }
    append(parts, source, kept, source.readableBytes());
    return BufferInternal.buffer((ByteBuf) parts);
  }

  /** Writes the opening brace and what is added; returns how much of the source that covers. */
  private int addInFront(CompositeByteBuf parts, ByteBuf source) {
    if (added.size() == 0) {
      return 0;
    }
    int afterBrace = fields.afterBrace();
    append(parts, source, 0, afterBrace);
    boolean isAlone = removed.cardinality() == fields.count();
    int length = isAlone ? added.size() - 1 : added.size();
    parts.addComponent(true, Unpooled.wrappedBuffer(added.toByteArray(), 0, length));
    return afterBrace;
  }

  private static void append(CompositeByteBuf parts, ByteBuf source, int start, int end) {
    if (end > start) {
      parts.addComponent(true, source.slice(source.readerIndex() + start, end - start));
    }
  }
}
