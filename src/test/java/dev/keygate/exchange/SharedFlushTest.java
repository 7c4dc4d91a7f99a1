package dev.keygate.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** On an event loop of Netty's own, within the process. */
class SharedFlushTest {
  private final MultiThreadIoEventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());
  private final LocalAddress address = new LocalAddress(SharedFlushTest.class);
  private final List<String> sent = Collections.synchronizedList(new ArrayList<>());
  private final List<Channel> connections = new ArrayList<>();

  SharedFlushTest() {
    new ServerBootstrap()
        .group(loop)
        .channel(LocalServerChannel.class)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {}
            })
        .bind(address)
        .syncUninterruptibly();
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** A connection that notes when the socket is told to send. */
  private Channel connection(String name) {
    Channel connection =
        new Bootstrap()
            .group(loop)
            .channel(LocalChannel.class)
            .handler(new ChannelInboundHandlerAdapter())
            .connect(address)
            .syncUninterruptibly()
            .channel();
    on(() -> {
      SharedFlush.in(connection);
      connection
          .pipeline()
          .addFirst(
              new ChannelOutboundHandlerAdapter() {
                @Override
                public void flush(ChannelHandlerContext ctx) {
                  sent.add(name);
                  ctx.flush();
                }
              });
      return null;
    });
    connections.add(connection);
    return connection;
  }

  private <T> T on(Callable<T> step) {
    return loop.submit(step).syncUninterruptibly().getNow();
  }

  private static void write(Channel connection) {
    var _ = connection.writeAndFlush(Unpooled.copiedBuffer(new byte[100]));
  }

  @Test
  void connectionsSendOneAfterTheOtherWhenTheLoopHasLookedAtAll() {
    Channel one = connection("one");
    Channel other = connection("other");
    List<String> meanwhile =
        on(() -> {
          write(one);
          write(other);
          write(one);
          return List.copyOf(sent);
        });
    on(() -> null);
    assertThat(meanwhile).isEmpty();
    assertThat(sent).containsExactly("one", "other");
  }

  @Test
  void aConnectionSendsAgainWhatIsWrittenLater() {
    Channel one = connection("one");
    for (int i = 0; i < 3; i++) {
      on(() -> {
        write(one);
        return null;
      });
      on(() -> null);
    }
    assertThat(sent).containsExactly("one", "one", "one");
  }

  @Test
  void manyDoNotWaitForTheRest() {
    List<Channel> many =
        IntStream.range(0, 20).mapToObj(i -> connection(Integer.toString(i))).toList();
    int meanwhile =
        on(() -> {
          many.forEach(SharedFlushTest::write);
          return sent.size();
        });
    on(() -> null);
    assertThat(meanwhile).isEqualTo(16);
    assertThat(sent).hasSize(20).doesNotHaveDuplicates();
  }

  @Test
  void whatIsWrittenWhenSomethingWasSentIsSentNext() {
    Channel one = connection("one");
    Channel other = connection("other");
    on(() -> {
      one.writeAndFlush(Unpooled.copiedBuffer(new byte[100])).addListener(done -> write(other));
      return null;
    });
    on(() -> null);
    on(() -> null);
    assertThat(sent).containsExactly("one", "other");
  }

  @Test
  void aConnectionThatIsClosedSendsFirst() {
    Channel one = connection("one");
    boolean isWritten =
        on(() -> {
          var write = one.writeAndFlush(Unpooled.copiedBuffer(new byte[100]));
          var _ = one.close();
          return write.isSuccess();
        });
    assertThat(isWritten).isTrue();
    assertThat(sent).first().isEqualTo("one");
  }

  @Test
  void aConnectionOfWhichMuchWaitsSendsAtOnce() {
    Channel one = connection("one");
    one.config().setWriteBufferWaterMark(new WriteBufferWaterMark(10, 50));
    List<String> meanwhile =
        on(() -> {
          write(one);
          return List.copyOf(sent);
        });
    assertThat(meanwhile).containsExactly("one");
  }
}
