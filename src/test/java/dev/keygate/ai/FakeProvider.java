package dev.keygate.ai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A provider made of a raw socket, so that a test can misbehave byte by byte. Each request takes
 * the next behaviour of the script; the last one is repeated.
 */
final class FakeProvider implements Closeable {
  private static final int SILENCE_MILLIS = 50;
  private static final Socket NOWHERE = bound();

  private final ServerSocket listener;
  private final Queue<Behaviour> script = new ConcurrentLinkedQueue<>();
  private final List<Received> received = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(1);
  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Runnable whenStalled = () -> {};

  /** What a provider does with one request. */
  sealed interface Behaviour {
    /** Sends these bytes and keeps the connection. */
    record Answer(String bytes) implements Behaviour {}

    /** Sends these bytes and closes the connection. */
    record AnswerAndClose(String bytes) implements Behaviour {}

    /** Sends these bytes and closes its half alone. */
    record AnswerAndHalfClose(String bytes) implements Behaviour {}

    /** Sends these bytes and resets the connection. */
    record AnswerAndReset(String bytes) implements Behaviour {}

    /** Sends these bytes, then nothing, until the other side goes away. */
    record AnswerAndStall(String bytes) implements Behaviour {}

    /** Sends these bytes one at a time. */
    record AnswerSlowly(String bytes) implements Behaviour {}

    /** Sends these bytes as soon as the head of the request is there, without reading its body. */
    record AnswerEarlyAndClose(String bytes) implements Behaviour {}
  }

  /** A request as it arrived; the head in lower case. */
  record Received(String head, String body) {}

  FakeProvider(Behaviour... behaviours) {
    script.addAll(
        behaviours.length == 0 ? List.of(new Behaviour.AnswerAndClose("")) : List.of(behaviours));
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  /** Has something done when it falls silent, and again while it is. */
  FakeProvider whenStalled(Runnable action) {
    whenStalled = action;
    return this;
  }

  static FakeProvider answering(int status, String body) {
    return new FakeProvider(new Behaviour.Answer(json(status, body)));
  }

  static String json(int status, String body) {
    return "HTTP/1.1 "
        + status
        + " X\r\nContent-Type: application/json\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  static String eventHead() {
    return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
  }

  static String chunk(String text) {
    return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
  }

  /**
   * An address that refuses connections for as long as the process lives. Its port is bound and not
   * listened at: one that were merely free again could be given to whoever asks next, or to the
   * very connection that is made to it, which then meets itself.
   */
  static BaseUrl nowhere() {
    return BaseUrl.parse("http://127.0.0.1:" + NOWHERE.getLocalPort());
  }

  private static Socket bound() {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return socket;
  }

  BaseUrl url() {
    return BaseUrl.parse("http://127.0.0.1:" + listener.getLocalPort());
  }

  List<Received> received() {
    return received;
  }

  int connections() {
    return connections.get();
  }

  /** Waits until a client has gone away from a stalled request. */
  boolean awaitGone() throws InterruptedException {
    return gone.await(5, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      listener.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (closing.getCount() > 0) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      while (true) {
        String head = head(in);
        if (head.isEmpty()) {
          return;
        }
        Behaviour behaviour = script.size() > 1 ? script.remove() : script.element();
        if (behaviour instanceof Behaviour.AnswerEarlyAndClose(String bytes)) {
          write(socket, bytes);
          return;
        }
        received.add(new Received(head, new String(in.readNBytes(length(head)), ISO_8859_1)));
        if (!behave(behaviour, socket)) {
          return;
        }
      }
    } catch (IOException e) {
      gone.countDown();
    }
  }

  /** Returns whether the connection goes on. */
  private boolean behave(Behaviour behaviour, Socket socket) throws IOException {
    switch (behaviour) {
      case Behaviour.Answer(String bytes) -> {
        write(socket, bytes);
        return true;
      }
      case Behaviour.AnswerAndClose(String bytes) -> write(socket, bytes);
      case Behaviour.AnswerEarlyAndClose(String bytes) -> write(socket, bytes);
      case Behaviour.AnswerAndHalfClose(String bytes) -> {
        write(socket, bytes);
        socket.shutdownOutput();
        awaitEnd(socket);
      }
      case Behaviour.AnswerAndReset(String bytes) -> {
        write(socket, bytes);
        socket.setSoLinger(true, 0);
      }
      case Behaviour.AnswerAndStall(String bytes) -> {
        write(socket, bytes);
        stall(socket);
      }
      case Behaviour.AnswerSlowly(String bytes) -> {
        socket.setTcpNoDelay(true);
        for (int i = 0; i < bytes.length(); i++) {
          write(socket, bytes.substring(i, i + 1));
        }
        return true;
      }
    }
    return false;
  }

  /** Says again and again that it is silent, since what was sent may not have been read before. */
  private void stall(Socket socket) throws IOException {
    socket.setSoTimeout(SILENCE_MILLIS);
    try {
      while (true) {
        whenStalled.run();
        if (isGone(socket)) {
          return;
        }
      }
    } finally {
      gone.countDown();
    }
  }

  /** Looks for a moment whether the other side went away. */
  private static boolean isGone(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException stillThere) {
      return false;
    }
  }

  private void awaitEnd(Socket socket) throws IOException {
    try {
      socket.getInputStream().readAllBytes();
    } finally {
      gone.countDown();
    }
  }

  private static void write(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    int last = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      last = last << 8 | b;
      if (last == 0x0d0a0d0a) {
        return head.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  private static int length(String head) {
    int at = head.indexOf("\r\ncontent-length: ");
    return at < 0 ? 0 : Integer.parseInt(head.substring(at + 18, head.indexOf('\r', at + 18)));
  }
}
