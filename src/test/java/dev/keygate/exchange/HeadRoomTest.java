package dev.keygate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HeadRoomTest {
  private final EmbeddedChannel connection = new EmbeddedChannel(new HttpResponseEncoder());

  @AfterEach
  void close() {
    connection.finishAndReleaseAll();
  }

  @Test
  void aShortBodyLeavesInTheBufferOfItsHead() {
    assertThat(written(1000)).as("without room").hasSize(2);
    HeadRoom.in(connection);
    List<String> buffers = written(1000);
    assertThat(buffers).hasSize(1);
    assertThat(buffers.getFirst())
        .startsWith("HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n")
        .endsWith("x".repeat(1000));
  }

  @Test
  void aLongBodyIsNotCopied() {
    HeadRoom.in(connection);
    assertThat(written(100_000)).hasSize(2).last().isEqualTo("x".repeat(100_000));
  }

  @Test
  void whatIsNoHeadGetsWhatItAskedFor() {
    HeadRoom.in(connection);
    ByteBuf small = connection.alloc().buffer(12);
    ByteBuf heap = connection.alloc().heapBuffer(300);
    ByteBuf direct = connection.alloc().directBuffer(300);
    try {
      assertThat(small.capacity()).isEqualTo(12);
      assertThat(heap.capacity()).isEqualTo(300);
      assertThat(heap.isDirect()).isFalse();
      assertThat(direct.capacity()).isEqualTo(300);
      assertThat(direct.isDirect()).isTrue();
    } finally {
      small.release();
      heap.release();
      direct.release();
    }
  }

  /** The buffers in which a response with such a body reaches the socket. */
  private List<String> written(int length) {
    DefaultFullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.OK,
            Unpooled.copiedBuffer("x".repeat(length), StandardCharsets.US_ASCII));
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    connection.writeOutbound(response);
    List<String> buffers = new ArrayList<>();
    for (ByteBuf buffer = connection.readOutbound();
        buffer != null;
        buffer = connection.readOutbound()) {
      buffers.add(buffer.toString(StandardCharsets.US_ASCII));
      buffer.release();
    }
    return buffers;
  }
}
