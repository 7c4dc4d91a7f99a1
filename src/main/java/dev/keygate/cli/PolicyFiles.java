package dev.keygate.cli;

import dev.keygate.policy.document.DocumentParser;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Reads the documents that policy commands are about. */
final class PolicyFiles {
  /** Names standard input. */
  static final String STANDARD_INPUT = "-";

  /** More than any document that fits: what is longer is told so by the compiler. */
  private static final int MAX_BYTES = 4 * DocumentParser.MAX_CHARACTERS + 4;

  private final Surroundings around;

  PolicyFiles(Surroundings around) {
    this.around = around;
  }

  /** How the document is called in reports. */
  static String name(String file) {
    return file.equals(STANDARD_INPUT) ? "<stdin>" : file;
  }

  /**
   * The text of the file, or of standard input.
   *
   * @param spec the command that asks, whose use is explained when there is no such file
   */
  String read(CommandSpec spec, String file) {
    try {
      return text(bytes(file));
    } catch (NoSuchFileException missing) {
      throw new ParameterException(spec.commandLine(), file + ": there is no such file");
    } catch (CharacterCodingException binary) {
      throw new ParameterException(spec.commandLine(), name(file) + ": expected text in UTF-8");
    } catch (IOException unreadable) {
      throw new ParameterException(
          spec.commandLine(), file + ": cannot be read: " + unreadable.getMessage());
    }
  }

  private byte[] bytes(String file) throws IOException {
    if (file.equals(STANDARD_INPUT)) {
      return around.readInput(MAX_BYTES);
    }
    Path path = Path.of(file);
    if (Files.isDirectory(path)) {
      throw new IOException("it is a directory");
    }
    try (InputStream in = Files.newInputStream(path)) {
      return in.readNBytes(MAX_BYTES);
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    // A decoder of its own: the ones of String replace what they cannot read.
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }
}
