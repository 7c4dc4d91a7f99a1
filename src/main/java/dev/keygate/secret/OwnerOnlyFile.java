package dev.keygate.secret;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Small files that only their owner may read (mode 0600), such as the master key. On file systems
 * without POSIX permissions the mode is neither set nor checked.
 */
public final class OwnerOnlyFile {
  private static final int LARGEST = 64 * 1024;
  private static final FileAttribute<?>[] OWNER_ONLY = {
    PosixFilePermissions.asFileAttribute(
        EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
  };
  private static final FileAttribute<?>[] NO_ATTRIBUTES = {};
  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private OwnerOnlyFile() {}

  /**
   * Makes the file, whole and on the disk, or leaves the one that is there: two processes that
   * start together end up with the same file.
   *
   * @return false when there was one already
   */
  public static boolean create(Path file, Secret content) throws IOException {
    Path directory = file.toAbsolutePath().resolveSibling("");
    String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path draft = file.resolveSibling(file.getFileName() + "." + suffix);
    try {
      writeDraft(draft, content, isPosix(directory) ? OWNER_ONLY : NO_ATTRIBUTES);
      boolean created = publish(draft, file);
      forceDirectory(directory);
      return created;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /** Puts new content in the place of the old: whoever reads finds all of one or of the other. */
  public static void replace(Path file, Secret content) throws IOException {
    Path directory = file.toAbsolutePath().resolveSibling("");
    String suffix = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    Path draft = file.resolveSibling(file.getFileName() + "." + suffix);
    try {
      writeDraft(draft, content, isPosix(directory) ? OWNER_ONLY : NO_ATTRIBUTES);
      Files.move(draft, file, ATOMIC_MOVE);
      forceDirectory(directory);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * The file's text.
   *
   * @throws IOException if it cannot be read, is larger than 64 KiB, or others than its owner may
   *     read or write it
   */
  public static Secret read(Path file) throws IOException {
    if (isPosix(file)) {
      Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
      if (permissions.stream().anyMatch(OTHERS::contains)) {
        throw new IOException(
            "%s: others may use it (%s); expected mode 0600: run 'chmod 600 %s', and replace what is in it if others had access to this machine"
                .formatted(file, PosixFilePermissions.toString(permissions), file));
      }
    }
    if (Files.size(file) > LARGEST) {
      throw new IOException("%s: is larger than %d bytes".formatted(file, LARGEST));
    }
    return Secret.of(Files.readString(file, UTF_8));
  }

  private static void writeDraft(Path draft, Secret content, FileAttribute<?>[] mode)
      throws IOException {
    try (FileChannel channel = FileChannel.open(draft, Set.of(CREATE_NEW, WRITE), mode)) {
      ByteBuffer bytes = ByteBuffer.wrap(content.reveal().getBytes(UTF_8));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
  }

  /** A hard link appears whole and never replaces; a move would replace what another wrote. */
  private static boolean publish(Path draft, Path file) throws IOException {
    try {
      Files.createLink(file, draft);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException e) {
      Files.move(draft, file); // a file system without links
      return true;
    }
  }

  /** Puts the new name itself on the disk, where the platform lets a directory be opened. */
  private static void forceDirectory(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (FileChannel channel = FileChannel.open(directory)) {
        channel.force(true);
      }
    }
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }
}
