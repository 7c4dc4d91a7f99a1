package dev.keygate.exchange;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;

/**
 * Buffers in which a message's head has room for a short body behind it. Netty's HTTP/1 encoders
 * copy a body into the head's buffer where it fits, and send both as one; they size that buffer for
 * the head alone, so that without this nearly every message is two buffers, two promises and a
 * gathering write. Everything else comes from the allocator that the connection had. Safe for use
 * from any thread, as that one is.
 */
public final class HeadRoom extends AbstractByteBufAllocator {
  /** Bytes. What is smaller is no head: the length of a chunk, the head of an HTTP/2 frame. */
  private static final int SMALLEST_HEAD = 64;

  /** Bytes of a head and its body; one of the sizes that Netty's allocator has at hand. */
  private static final int ROOM = 4096;

  private final ByteBufAllocator allocator;

  private HeadRoom(ByteBufAllocator allocator) {
    super(true);
    this.allocator = allocator;
  }

  /** Makes room in what is written to the connection from now on. */
  public static void in(Channel connection) {
    connection.config().setAllocator(new HeadRoom(connection.alloc()));
  }

  @Override
  public ByteBuf buffer(int capacity) {
    return allocator.buffer(capacity < SMALLEST_HEAD ? capacity : Math.max(capacity, ROOM));
  }

  @Override
  protected ByteBuf newHeapBuffer(int capacity, int maxCapacity) {
    return allocator.heapBuffer(capacity, maxCapacity);
  }

  @Override
  protected ByteBuf newDirectBuffer(int capacity, int maxCapacity) {
    return allocator.directBuffer(capacity, maxCapacity);
  }

  @Override
  public boolean isDirectBufferPooled() {
    return allocator.isDirectBufferPooled();
  }
}
