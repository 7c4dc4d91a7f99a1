package dev.keygate.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A Lua script with one key: sent by its hash, and whole when the server does not know it yet. */
final class Script {
  private final String text;
  private final String hash;

  private Script(String text) {
    this.text = text;
    try {
      this.hash =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }

  /** The script in a file beside this class. */
  static Script load(String name) {
    try (InputStream in = Script.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no " + name + " beside " + Script.class);
      }
      return new Script(new String(in.readAllBytes(), UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }

  /** Runs it, in one round trip once the server knows it. */
  Future<Response> run(Redis redis, String key, Object... arguments) {
    return redis
        .send(request(Command.EVALSHA, hash, key, arguments))
        .recover(failure ->
            String.valueOf(failure.getMessage()).startsWith("NOSCRIPT")
                ? redis.send(request(Command.EVAL, text, key, arguments))
                : Future.failedFuture(failure));
  }

  private static Request request(Command command, String script, String key, Object... arguments) {
    Request request = Request.cmd(command).arg(script).arg(1).arg(key);
    for (Object argument : arguments) {
      request.arg(String.valueOf(argument));
    }
    return request;
  }
}
