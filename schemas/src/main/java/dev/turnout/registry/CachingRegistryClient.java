package dev.turnout.registry;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.turnout.registry.rest.RegistrySettings;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what never changes (ids of schemas and schemas of ids), for a while what a registry
 * does not know, and for a while the latest version of a subject. Each memory is bounded, so that a
 * stream of made-up schema ids cannot fill the heap; what a registry refuses and every outage is
 * asked again. One key is asked for once, however many threads wait for it.
 */
final class CachingRegistryClient implements SchemaRegistryClient {

  private static final int MOST_MISSING = 1_000;

  private final SchemaRegistryClient registry;
  private final Cache<SubjectSchema, Integer> registered;
  private final Cache<SubjectSchema, Integer> found;
  private final Cache<Integer, Schema> byId;
  private final Cache<Integer, UnknownSchemaException> missing;
  private final Cache<String, RegisteredSchema> latest;

  /** With the system's clock. */
  CachingRegistryClient(SchemaRegistryClient registry, RegistrySettings settings) {
    this(registry, settings, System::nanoTime);
  }

  /**
   * With another clock.
   *
   * @param settings how much to remember, and how long
   * @param nanoTime nanoseconds since any fixed moment
   */
  CachingRegistryClient(
      SchemaRegistryClient registry, RegistrySettings settings, LongSupplier nanoTime) {
    this.registry = registry;
    this.registered = memory(settings.cacheCapacity()).build();
    this.found = memory(settings.cacheCapacity()).build();
    this.byId = memory(settings.cacheCapacity()).build();
    this.missing = fading(MOST_MISSING, settings.missingIdTtl(), nanoTime).build();
    this.latest =
        settings.latestTtl().isNegative()
            ? memory(settings.cacheCapacity()).build()
            : fading(settings.cacheCapacity(), settings.latestTtl(), nanoTime).build();
  }

  private static Caffeine<Object, Object> memory(int most) {
    // evicts on the caller's thread: there is too little to do for a pool
    return Caffeine.newBuilder().maximumSize(most).executor(Runnable::run);
  }

  private static Caffeine<Object, Object> fading(int most, Duration ttl, LongSupplier nanoTime) {
    return memory(most).expireAfterWrite(ttl).ticker(nanoTime::getAsLong);
  }

  private record SubjectSchema(String subject, Schema schema) {}

  @Override
  public int register(String subject, Schema schema) {
    return registered.get(
        new SubjectSchema(subject, schema), key -> registry.register(key.subject(), key.schema()));
  }

  @Override
  public int idOf(String subject, Schema schema) {
    return found.get(
        new SubjectSchema(subject, schema), key -> registry.idOf(key.subject(), key.schema()));
  }

  @Override
  public Schema schemaById(int id) {
    return byId.get(id, this::load);
  }

  private Schema load(int id) {
    @Nullable UnknownSchemaException answered = missing.getIfPresent(id);
    if (answered != null) {
      throw answered;
    }
    try {
      return registry.schemaById(id);
    } catch (UnknownSchemaException unknown) {
      missing.put(id, unknown);
      throw unknown;
    }
  }

  @Override
  public RegisteredSchema latest(String subject) {
    return latest.get(subject, registry::latest);
  }

  @Override
  public Optional<String> compatibility(String subject) {
    return registry.compatibility(subject);
  }

  @Override
  public void compatibility(String subject, String level) {
    registry.compatibility(subject, level);
  }
}
