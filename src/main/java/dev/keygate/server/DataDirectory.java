package dev.keygate.server;

import dev.keygate.secret.Envelope;
import dev.keygate.secret.MasterKeyEnvelope;
import dev.keygate.secret.MasterKeys;
import dev.keygate.secret.Secret;
import dev.keygate.store.Store;
import dev.keygate.store.StoreSettings;
import dev.keygate.usage.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The directory in which a node keeps what it must not lose. */
final class DataDirectory {
  private static final String DATABASE = "keygate.db";
  private static final String LOCK = "keygate.db-lock";
  private static final String MASTER_KEY = "master-key";
  private static final String JOURNAL = "journal";

  private final Path path;

  private DataDirectory(Path path) {
    this.path = path;
  }

  /** The directory, made for its owner alone when absent. */
  static DataDirectory open(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Files.createDirectories(path.toAbsolutePath().resolveSibling(""));
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      return new DataDirectory(path.toRealPath());
    } catch (IOException e) {
      throw new StartFailedException(
          "cannot use the data directory " + path + " (" + e.getMessage() + "): see --data-dir", e);
    }
  }

  Path path() {
    return path;
  }

  Path masterKey() {
    return path.resolve(MASTER_KEY);
  }

  StoreSettings storeSettings(Optional<Secret> databaseUrl) {
    return databaseUrl
        .<StoreSettings>map(url -> new StoreSettings.Postgresql(url.reveal()))
        .orElseGet(() -> new StoreSettings.Sqlite(path.resolve(DATABASE)));
  }

  /**
   * Keeps other processes from serving from this directory's database until it is closed: on SQLite
   * nobody waits until another has applied a change.
   */
  Closeable lockDatabase() {
    try {
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (channel.tryLock() != null) {
        return channel;
      }
      channel.close();
    } catch (IOException | OverlappingFileLockException e) {
      throw new StartFailedException(
          "cannot lock the data directory "
              + path
              + " ("
              + e
              + "): the user that runs Keygate must own it",
          e);
    }
    throw new StartFailedException(
        "another Keygate serves from the data directory "
            + path
            + ": stop it, or keep the keys of several nodes in one PostgreSQL (--database-url)");
  }

  /** What happened to requests and is not in the store yet. */
  Journal journal(Supplier<String> names) {
    try {
      return Journal.open(path.resolve(JOURNAL), names);
    } catch (IOException e) {
      throw new StartFailedException(
          "cannot use the journal in " + path + ": " + e.getMessage(), e);
    }
  }

  /**
   * What secrets are sealed with. A master key is made only while nothing in {@code store} is
   * sealed: a new one would open none of it.
   */
  Envelope envelope(Map<String, String> environment, Store store) {
    Secret variable = Secret.of(environment.getOrDefault(MasterKeys.VARIABLE, ""));
    MasterKeyEnvelope.Source source = () -> MasterKeys.read(variable, masterKey());
    try {
      boolean isFirst = store.read(MasterKeyRotation::sealed) == 0;
      return new MasterKeyEnvelope(
          isFirst ? MasterKeys.load(variable, masterKey()) : source.load(), source);
    } catch (IOException | IllegalArgumentException e) {
      throw new StartFailedException("cannot use the master key: " + e.getMessage(), e);
    }
  }
}
