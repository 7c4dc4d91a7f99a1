package dev.keygate.ai;

import dev.keygate.ai.catalog.Catalog;
import dev.keygate.ai.catalog.CatalogReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is known of providers and models now: the built-in catalog, with an operator's file over it,
 * which is read anew when it changes. Read by all event loops; reloaded by one thread at a time.
 */
public final class Catalogs {
  private static final Logger LOG = LoggerFactory.getLogger(Catalogs.class);

  /** A catalog, and where its providers are. */
  public record Known(Catalog catalog, ProviderTable providers) {}

  private final Catalog builtIn;
  private final Map<String, BaseUrl> moved;
  private final @Nullable Path file;
  private byte @Nullable [] seen;
  private boolean isUnreadable;
  private volatile Known known;

  /**
   * The built-in catalog with the entries of a file.
   *
   * @param builtIn what the file's entries are added to, also when it is read anew
   * @param file or null for none
   * @param moved base URLs in place of those of built-in providers, by id
   * @throws IllegalArgumentException if the file is no catalog or cannot be read, or an id is not
   *     of a provider
   */
  public Catalogs(Catalog builtIn, @Nullable Path file, Map<String, BaseUrl> moved) {
    this.builtIn = builtIn;
    this.file = file;
    this.moved = Map.copyOf(moved);
    try {
      this.seen = file == null ? null : bytes(file);
    } catch (IOException unreadable) {
      throw new IllegalArgumentException("cannot be read: " + unreadable, unreadable);
    }
    this.known = known(seen);
  }

  /** What is known now. The same object as long as nothing has changed. */
  public Known current() {
    return known;
  }

  /**
   * Reads the file again where it has changed. One that cannot be used is logged, once, and what
   * was known stays. Blocks; not for event loops.
   */
  public void reload() {
    if (file == null) {
      return;
    }
    try {
      byte[] found = bytes(file);
      if (!Arrays.equals(found, seen)) {
        seen = found;
        known = known(found);
        LOG.info("models of {} are known from now on", file);
      }
      isUnreadable = false;
    } catch (IllegalArgumentException unusable) {
      LOG.error("cannot use {} and keeps the models as they were: {}", file, unusable.toString());
    } catch (IOException unreadable) {
      if (!isUnreadable) {
        isUnreadable = true;
        LOG.error(
            "cannot read {} and keeps the models as they were: {}", file, unreadable.toString());
      }
    }
  }

  private Known known(byte @Nullable [] json) {
    Catalog catalog = json == null ? builtIn : builtIn.with(CatalogReader.read(json));
    return new Known(catalog, ProviderTable.of(catalog).movedTo(moved));
  }

  private static byte[] bytes(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(CatalogReader.MAX_BYTES + 1);
    }
  }
}
