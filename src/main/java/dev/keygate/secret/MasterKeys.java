package dev.keygate.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where master keys come from: the environment variable {@value #VARIABLE}, or a file. Both hold
 * one key or several, separated by white space, the newest first: to rotate, put a new key before
 * the old one, and take the old one away when nothing is sealed under it any more.
 */
public final class MasterKeys {
  /** Takes the place of the file when it is set. */
  public static final String VARIABLE = "KEYGATE_MASTER_KEY";

  private MasterKeys() {}

  /**
   * As {@link #read}, for a store in which nothing is sealed yet: an absent file is made with a new
   * key and mode 0600.
   */
  public static List<MasterKey> load(@Nullable Secret environmentValue, Path file)
      throws IOException {
    boolean isGiven = environmentValue != null && !environmentValue.reveal().isBlank();
    if (!isGiven && !Files.exists(file)) {
      OwnerOnlyFile.create(file, text(List.of(MasterKey.generate())));
    }
    return read(environmentValue, file);
  }

  /**
   * The keys of {@code environmentValue} if there is one, else those of {@code file}.
   *
   * @throws IOException if the file is absent or cannot be read, or others than its owner may read
   *     it
   * @throws IllegalArgumentException if a key is not base64 of 32 bytes
   */
  public static List<MasterKey> read(@Nullable Secret environmentValue, Path file)
      throws IOException {
    if (environmentValue != null && !environmentValue.reveal().isBlank()) {
      return parse(environmentValue, VARIABLE);
    }
    try {
      return parse(OwnerOnlyFile.read(file), file.toString());
    } catch (NoSuchFileException e) {
      throw new IOException(
          file
              + ": is missing, and a new key would open nothing that is stored; restore it from a"
              + " backup, or give the key in "
              + VARIABLE
              + ", or, when it is lost, put a new one there (openssl rand -base64 32, mode 0600) and"
              + " store every provider key and secret again",
          e);
    }
  }

  /** Replaces the keys of {@code file}, the newest first. */
  public static void replace(Path file, List<MasterKey> newestFirst) throws IOException {
    OwnerOnlyFile.replace(file, text(newestFirst));
  }

  /** Keeps a key that nothing is sealed under any more in a file of its own, for old backups. */
  public static void keep(Path file, MasterKey key) throws IOException {
    OwnerOnlyFile.create(file, text(List.of(key)));
  }

  private static Secret text(List<MasterKey> keys) {
    StringBuilder text = new StringBuilder();
    keys.forEach(key -> text.append(key.encoded().reveal()).append('\n'));
    return Secret.of(text.toString());
  }

  private static List<MasterKey> parse(Secret text, String origin) {
    String stripped = text.reveal().strip();
    if (stripped.isEmpty()) {
      throw new IllegalArgumentException(
          origin
              + ": is empty; expected base64 of 32 bytes. Restore it from a backup, or delete it"
              + " if nothing was ever stored under it");
    }
    try {
      return stripped
          .lines()
          .flatMap(line -> List.of(line.strip().split("\\s+")).stream())
          .filter(word -> !word.isEmpty())
          .map(word -> MasterKey.parse(Secret.of(word)))
          .toList();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(origin + ": " + e.getMessage(), e);
    }
  }
}
