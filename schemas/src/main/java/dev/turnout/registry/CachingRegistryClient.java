package dev.turnout.registry;

import dev.turnout.registry.rest.RegistrySettings;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;

/**
 * Remembers what never changes (ids of schemas and schemas of ids), for a while what a registry
 * does not know, and for a while the latest version of a subject.
 */
public final class CachingRegistryClient implements SchemaRegistryClient {

  private static final int MOST_MISSING = 1_000;

  private final SchemaRegistryClient registry;
  private final LongSupplier nanoTime;
  private final long missingNanos;
  private final Duration latestTtl;
  private final BoundedCache<SubjectSchema, Integer> registered;
  private final BoundedCache<SubjectSchema, Integer> found;
  private final BoundedCache<Integer, Schema> byId;
  private final ConcurrentMap<Integer, Missing> missing = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Latest> latest = new ConcurrentHashMap<>();

  public CachingRegistryClient(SchemaRegistryClient registry, RegistrySettings settings) {
    this(registry, settings, System::nanoTime);
  }

  public CachingRegistryClient(
      SchemaRegistryClient registry, RegistrySettings settings, LongSupplier nanoTime) {
    this.registry = registry;
    this.nanoTime = nanoTime;
    this.missingNanos = settings.missingIdTtl().toNanos();
    this.latestTtl = settings.latestTtl();
    this.registered = new BoundedCache<>(settings.cacheCapacity());
    this.found = new BoundedCache<>(settings.cacheCapacity());
    this.byId = new BoundedCache<>(settings.cacheCapacity());
  }

  private record SubjectSchema(String subject, Schema schema) {}

  private record Missing(UnknownSchemaException answer, long until) {}

  private record Latest(RegisteredSchema schema, long readAt) {}

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
    long now = nanoTime.getAsLong();
    Missing answered = missing.get(id);
    if (answered != null) {
      if (now - answered.until() < 0) {
        throw answered.answer();
      }
      missing.remove(id, answered);
    }
    try {
      return registry.schemaById(id);
    } catch (UnknownSchemaException unknown) {
      if (missing.size() >= MOST_MISSING) {
        missing.clear();
      }
      missing.put(id, new Missing(unknown, now + missingNanos));
      throw unknown;
    }
  }

  @Override
  public RegisteredSchema latest(String subject) {
    long now = nanoTime.getAsLong();
    Latest known = latest.get(subject);
    if (known != null && (latestTtl.isNegative() || now - known.readAt() < latestTtl.toNanos())) {
      return known.schema();
    }
    RegisteredSchema read = registry.latest(subject);
    latest.put(subject, new Latest(read, now));
    return read;
  }
}
