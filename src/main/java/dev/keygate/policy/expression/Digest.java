package dev.keygate.policy.expression;

import dev.cel.common.exceptions.CelInvalidArgumentException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.zip.CRC32;

/** The digests of {@code hash.*}. For telling things apart, not all of them for keeping secrets. */
enum Digest {
  MD5,
  SHA1,
  SHA256,
  SHA512,
  CRC32;

  String functionName() {
    return name().toLowerCase(Locale.ROOT);
  }

  String hex(String text) {
    return HexFormat.of().formatHex(bytes(text));
  }

  /** The digest as {@code hex} or {@code base64}. */
  String formatted(String text, String format) {
    return switch (format) {
      case "hex" -> hex(text);
      case "base64" -> Base64.getEncoder().encodeToString(bytes(text));
      default -> throw new CelInvalidArgumentException("a digest's format is hex or base64");
    };
  }

  private byte[] bytes(String text) {
    byte[] input = text.getBytes(StandardCharsets.UTF_8);
    return switch (this) {
      case MD5 -> digest("MD5", input);
      case SHA1 -> digest("SHA-1", input);
      case SHA256 -> digest("SHA-256", input);
      case SHA512 -> digest("SHA-512", input);
      case CRC32 -> {
        CRC32 crc = new CRC32();
        crc.update(input);
        yield ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
      }
    };
  }

  private static byte[] digest(String algorithm, byte[] input) {
    try {
      return MessageDigest.getInstance(algorithm).digest(input);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(algorithm + " is missing from this JDK", impossible);
    }
  }
}
