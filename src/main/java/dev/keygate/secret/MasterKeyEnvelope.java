package dev.keygate.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.subtle.AesGcmJce;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Envelope encryption under master keys, of which the newest seals and all open.
 *
 * <p>Layout of a sealed value: version (1 byte), identifier of the master key (8), data key under
 * the master key (60: nonce, key, tag), value under the data key (28 more than the value: nonce,
 * value, tag). Version and identifier are authenticated with both ciphertexts, the context with
 * both too. A data key seals one value only, so nonces cannot repeat under it.
 */
public final class MasterKeyEnvelope implements Envelope {
  private static final byte VERSION = 1;
  private static final int HEADER_LENGTH = 1 + MasterKey.ID_LENGTH;
  private static final int GCM_OVERHEAD = 12 + 16;
  private static final int WRAPPED_LENGTH = MasterKey.LENGTH + GCM_OVERHEAD;
  private static final int SHORTEST = HEADER_LENGTH + WRAPPED_LENGTH + GCM_OVERHEAD;

  private final Source source;
  private final MasterKey first;
  private final SecureRandom random = new SecureRandom();
  private volatile Keys keys;

  /** Where master keys are read anew, the newest first. */
  @FunctionalInterface
  public interface Source {
    List<MasterKey> load() throws IOException;
  }

  private record Keys(MasterKey newest, Map<ByteBuffer, MasterKey> byId) {
    static Keys of(List<MasterKey> newestFirst) {
      return new Keys(newestFirst.getFirst(), Map.of()).with(newestFirst);
    }

    /** These too. None is forgotten: whatever happened to its source, it opens what it sealed. */
    Keys with(List<MasterKey> newestFirst) {
      Map<ByteBuffer, MasterKey> all = new HashMap<>(byId);
      newestFirst.forEach(key -> all.put(ByteBuffer.wrap(key.idBytes()), key));
      return new Keys(newestFirst.getFirst(), Map.copyOf(all));
    }
  }

  /**
   * Keys that stay as they are.
   *
   * @param newestFirst at least one
   */
  public MasterKeyEnvelope(List<MasterKey> newestFirst) {
    this(newestFirst, () -> newestFirst);
  }

  /**
   * Keys that may be rotated meanwhile: they are read anew before anything is sealed, so that
   * nothing is sealed under a key that was just taken away, and when a value names an unknown one.
   *
   * @param newestFirst what {@code source} said just now
   */
  public MasterKeyEnvelope(List<MasterKey> newestFirst, Source source) {
    this.source = source;
    this.first = newestFirst.getFirst();
    this.keys = Keys.of(newestFirst);
  }

  private synchronized Keys reloaded() throws IOException {
    Keys now = keys.with(source.load());
    keys = now;
    return now;
  }

  private MasterKey newest() {
    try {
      return reloaded().newest();
    } catch (IOException | IllegalArgumentException e) {
      throw new NoMasterKeyException(e);
    }
  }

  /** Of the key that was the newest at start: what it is for should not change on the way. */
  @Override
  public byte[] derivedKey(String label) {
    return first.derive(label);
  }

  @Override
  public byte[] seal(Secret secret, String context) {
    MasterKey newest = newest();
    byte[] header = ByteBuffer.allocate(HEADER_LENGTH).put(VERSION).put(newest.idBytes()).array();
    byte[] associated = associated(header, context);
    byte[] dataKey = new byte[MasterKey.LENGTH];
    random.nextBytes(dataKey);
    try {
      byte[] wrapped = newest.aead().encrypt(dataKey, associated);
      byte[] value = new AesGcmJce(dataKey).encrypt(secret.reveal().getBytes(UTF_8), associated);
      return ByteBuffer.allocate(HEADER_LENGTH + wrapped.length + value.length)
          .put(header)
          .put(wrapped)
          .put(value)
          .array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java does not encrypt with AES-256-GCM", e);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  @Override
  public Secret open(byte[] sealed, String context) throws GeneralSecurityException {
    if (sealed.length < SHORTEST) {
      throw new GeneralSecurityException(
          "a sealed value of %d bytes; expected %d or more".formatted(sealed.length, SHORTEST));
    }
    if (sealed[0] != VERSION) {
      throw new GeneralSecurityException(
          "a sealed value of version %d; expected %d".formatted(sealed[0], VERSION));
    }
    byte[] associated = associated(Arrays.copyOf(sealed, HEADER_LENGTH), context);
    int valueStart = HEADER_LENGTH + WRAPPED_LENGTH;
    byte[] wrapped = Arrays.copyOfRange(sealed, HEADER_LENGTH, valueStart);
    byte[] dataKey = masterKeyOf(sealed).aead().decrypt(wrapped, associated);
    try {
      byte[] value = Arrays.copyOfRange(sealed, valueStart, sealed.length);
      return Secret.of(new String(new AesGcmJce(dataKey).decrypt(value, associated), UTF_8));
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  /** Whether the newest master key sealed this; false means that it should be sealed anew. */
  public boolean isSealedByNewest(byte[] sealed) {
    return sealed.length >= SHORTEST
        && sealed[0] == VERSION
        && idOf(sealed).equals(ByteBuffer.wrap(keys.newest().idBytes()));
  }

  private MasterKey masterKeyOf(byte[] sealed) throws GeneralSecurityException {
    MasterKey key = keys.byId().get(idOf(sealed));
    if (key != null) {
      return key;
    }
    String id = HexFormat.of().formatHex(sealed, 1, HEADER_LENGTH);
    try {
      key = reloaded().byId().get(idOf(sealed));
    } catch (IOException | IllegalArgumentException e) {
      throw new GeneralSecurityException(
          "sealed under master key " + id + ", which cannot be read: " + e.getMessage(), e);
    }
    if (key == null) {
      throw new GeneralSecurityException(
          "sealed under master key %s, which is not loaded: restore the master-key file or KEYGATE_MASTER_KEY"
              .formatted(id));
    }
    return key;
  }

  private static ByteBuffer idOf(byte[] sealed) {
    return ByteBuffer.wrap(sealed, 1, MasterKey.ID_LENGTH).slice();
  }

  private static byte[] associated(byte[] header, String context) {
    byte[] text = context.getBytes(UTF_8);
    return ByteBuffer.allocate(header.length + text.length).put(header).put(text).array();
  }

  @Override
  public String toString() {
    return "MasterKeyEnvelope[" + keys.newest().id() + "]";
  }
}
