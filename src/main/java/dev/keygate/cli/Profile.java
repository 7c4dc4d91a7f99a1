package dev.keygate.cli;

import dev.keygate.secret.OwnerOnlyFile;
import dev.keygate.secret.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A control API that somebody logged in to: its URL with its key, in a file that only its owner may
 * read. The two belong together: a key is never sent to another URL than the one it was stored
 * with.
 *
 * @param origin the file
 */
record Profile(String url, Secret key, String origin) {
  static final String FLAG = "--profile";
  static final String VARIABLE = "KEYGATE_PROFILE";
  static final String DEFAULT = "default";

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

  /** The name that is asked for, or empty when none is. */
  static Optional<String> asked(Surroundings around, Optional<String> flag) {
    return flag.or(() -> around.variable(VARIABLE));
  }

  /** The stored profile; empty when there is none of this name. */
  static Optional<Profile> read(Surroundings around, String name) {
    Path file = file(around, name);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = OwnerOnlyFile.read(file).reveal().lines().toList();
      if (lines.size() == 2) {
        return Optional.of(new Profile(lines.get(0), Secret.of(lines.get(1)), file.toString()));
      }
      throw new CommandFailedException(
          file + " is no profile: make it anew with `keygate login --url …`.");
    } catch (IOException e) {
      throw new CommandFailedException("The profile cannot be read: " + e.getMessage());
    }
  }

  /** Stores it, in the place of the one of the same name. */
  static Path write(Surroundings around, String name, String url, Secret key) {
    Path file = file(around, name);
    try {
      Path directory = file.resolveSibling("");
      if (!Files.isDirectory(directory)) {
        Files.createDirectories(
            directory,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      OwnerOnlyFile.replace(file, Secret.of(url + "\n" + key.reveal() + "\n"));
      return file;
    } catch (IOException e) {
      throw new CommandFailedException(file + " cannot be written: " + e.getMessage());
    }
  }

  /** Forgets it; false when there was none. */
  static boolean delete(Surroundings around, String name) {
    try {
      return Files.deleteIfExists(file(around, name));
    } catch (IOException e) {
      throw new CommandFailedException("The profile cannot be deleted: " + e.getMessage());
    }
  }

  /** A name that is a file's name and no path. */
  static void checkName(String name) {
    if (!NAME.matcher(name).matches() || name.startsWith(".")) {
      throw new CommandFailedException(
          "profile: expected a name of letters, digits, dots and dashes");
    }
  }

  private static Path file(Surroundings around, String name) {
    checkName(name);
    return around
        .variable("XDG_CONFIG_HOME")
        .map(Path::of)
        .orElse(around.home().resolve(".config"))
        .resolve("keygate")
        .resolve(name + ".profile");
  }
}
