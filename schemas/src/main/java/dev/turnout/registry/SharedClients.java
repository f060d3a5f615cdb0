package dev.turnout.registry;

import dev.turnout.registry.rest.RegistrySettings;
import dev.turnout.registry.rest.RestRegistryClient;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One client for equal settings: a program has a serde per topic and side, and each would otherwise
 * bring its own connections, threads and caches.
 */
final class SharedClients {

  private static final Map<RegistrySettings, WeakReference<SchemaRegistryClient>> CLIENTS =
      new ConcurrentHashMap<>();

  /** Kept for the life of the process: a schema registered by one test serde must stay known. */
  private static final Map<String, SchemaRegistryClient> IN_MEMORY = new ConcurrentHashMap<>();

  private SharedClients() {}

  static synchronized SchemaRegistryClient get(RegistrySettings settings) {
    WeakReference<SchemaRegistryClient> reference = CLIENTS.get(settings);
    @Nullable SchemaRegistryClient known = reference == null ? null : reference.get();
    if (known != null) {
      return known;
    }
    SchemaRegistryClient created = new CachingRegistryClient(open(settings), settings);
    CLIENTS.values().removeIf(old -> old.get() == null);
    CLIENTS.put(settings, new WeakReference<>(created));
    return created;
  }

  static SchemaRegistryClient open(RegistrySettings settings) {
    String first = settings.urls().get(0);
    return first.startsWith(RegistrySettings.MOCK)
        ? IN_MEMORY.computeIfAbsent(first, scope -> new InMemoryRegistry())
        : new RestRegistryClient(settings);
  }
}
