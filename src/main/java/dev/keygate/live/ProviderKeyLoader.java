package dev.keygate.live;

import dev.keygate.secret.Envelope;
import dev.keygate.secret.Secret;
import dev.keygate.store.ProviderKeyRow;
import dev.keygate.store.Store;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens stored provider keys and publishes them: attached ones by their gateway key, newest first;
 * managed ones by provider, those of the store newest first and then those of the environment.
 * Confined to the {@link ChangeFollower}'s reading thread.
 */
public final class ProviderKeyLoader {
  private static final Logger LOG = LoggerFactory.getLogger(ProviderKeyLoader.class);
  private static final String MANAGED = "";

  private final Envelope envelope;
  private final List<ProviderKey> environment;
  private Map<String, String> ownerById = new HashMap<>();
  private TreeMap<String, ProviderKey> managedById = new TreeMap<>();

  /**
   * @param environment managed keys that the operator gave in environment variables
   */
  public ProviderKeyLoader(Envelope envelope, List<ProviderKey> environment) {
    this.envelope = envelope;
    this.environment = List.copyOf(environment);
  }

  /**
   * Publishes every stored key.
   *
   * @throws IllegalStateException if there are keys and none can be opened: the master key is wrong
   */
  void load(Store.Tables tables, LiveState live) {
    // Those that had keys and have none any more get an empty list.
    Map<String, List<ProviderKey>> attached = new HashMap<>();
    ownerById.values().forEach(owner -> attached.put(owner, new ArrayList<>()));
    Map<String, String> owners = new HashMap<>();
    TreeMap<String, ProviderKey> managed = new TreeMap<>();
    int[] counts = new int[2];
    tables
        .providerKeys()
        .forEach(row -> {
          counts[0]++;
          String owner = row.gatewayKeyId() == null ? MANAGED : row.gatewayKeyId();
          owners.put(row.id(), owner);
          ProviderKey key = open(row);
          if (key == null) {
            counts[1]++;
          } else if (owner.equals(MANAGED)) {
            managed.put(row.id(), key);
          } else {
            attached.computeIfAbsent(owner, id -> new ArrayList<>()).add(key);
          }
        });
    if (counts[0] > 0 && counts[0] == counts[1]) {
      throw new IllegalStateException(
          "the master key opens none of the "
              + counts[0]
              + " stored provider keys: restore the master-key file (or KEYGATE_MASTER_KEY) that"
              + " they were stored under");
    }
    attached.forEach((owner, keys) -> {
      keys.sort((one, other) -> other.id().compareTo(one.id()));
      live.publishAttached(owner, keys);
    });
    ownerById = owners; // not before all was read: whose lists are to be emptied must not be lost
    managedById = managed;
    publishManaged(live);
  }

  /** Publishes what changed with one provider key: made, changed or deleted. */
  void reload(Store.Tables tables, LiveState live, String id) {
    ProviderKeyRow row = tables.providerKeys().find(id).orElse(null);
    String owner = row == null ? ownerById.get(id) : ownerOf(row);
    if (owner == null) {
      return; // made and deleted between two looks
    }
    if (owner.equals(MANAGED)) {
      ProviderKey key = row == null ? null : open(row);
      if (key == null) {
        managedById.remove(id);
      } else {
        managedById.put(id, key);
      }
      publishManaged(live);
    } else {
      List<ProviderKey> keys = new ArrayList<>();
      for (ProviderKeyRow attached : tables.providerKeys().attachedTo(owner)) {
        ProviderKey key = open(attached);
        if (key != null) {
          keys.add(key);
        }
      }
      live.publishAttached(owner, keys);
    }
    if (row == null) {
      ownerById.remove(id); // not before: after a failure it is asked for again
    }
  }

  private String ownerOf(ProviderKeyRow row) {
    String owner = row.gatewayKeyId() == null ? MANAGED : row.gatewayKeyId();
    ownerById.put(row.id(), owner);
    return owner;
  }

  private void publishManaged(LiveState live) {
    Map<String, List<ProviderKey>> byProvider = new HashMap<>();
    for (ProviderKey key : managedById.descendingMap().values()) {
      byProvider.computeIfAbsent(key.providerId(), id -> new ArrayList<>()).add(key);
    }
    for (ProviderKey key : environment) {
      byProvider.computeIfAbsent(key.providerId(), id -> new ArrayList<>()).add(key);
    }
    live.publishManaged(byProvider);
  }

  private @Nullable ProviderKey open(ProviderKeyRow row) {
    try {
      Secret value = envelope.open(row.sealedValue(), row.id());
      return new ProviderKey(row.id(), row.providerId(), value);
    } catch (GeneralSecurityException e) {
      LOG.error("provider key {} is not used: it cannot be opened: {}", row.id(), e.getMessage());
      return null;
    }
  }
}
