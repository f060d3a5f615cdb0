package dev.turnout.registry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;

/** A registry within the process and without rules, behind {@code mock://} URLs. */
final class InMemoryRegistry implements SchemaRegistryClient {

  private final List<Schema> schemas = new ArrayList<>();
  private final Map<String, List<RegisteredSchema>> subjects = new HashMap<>();
  private final Map<String, String> rules = new HashMap<>();

  @Override
  public synchronized int register(String subject, Schema schema) {
    List<RegisteredSchema> versions = subjects.computeIfAbsent(subject, s -> new ArrayList<>());
    for (RegisteredSchema version : versions) {
      if (version.schema().equals(schema)) {
        return version.id();
      }
    }
    int index = schemas.indexOf(schema);
    if (index < 0) {
      schemas.add(schema);
      index = schemas.size() - 1;
    }
    versions.add(new RegisteredSchema(subject, versions.size() + 1, index + 1, schema));
    return index + 1;
  }

  @Override
  public synchronized int idOf(String subject, Schema schema) {
    return subjects.getOrDefault(subject, List.of()).stream()
        .filter(version -> version.schema().equals(schema))
        .findFirst()
        .orElseThrow(() -> new UnknownSchemaException("subject " + subject + ": no such schema"))
        .id();
  }

  @Override
  public synchronized Schema schemaById(int id) {
    if (id < 1 || id > schemas.size()) {
      throw new UnknownSchemaException("schema id " + id + " is unknown");
    }
    return schemas.get(id - 1);
  }

  @Override
  public synchronized RegisteredSchema latest(String subject) {
    List<RegisteredSchema> versions = subjects.getOrDefault(subject, List.of());
    if (versions.isEmpty()) {
      throw new UnknownSchemaException("subject " + subject + " is unknown");
    }
    return versions.get(versions.size() - 1);
  }

  @Override
  public synchronized Optional<String> compatibility(String subject) {
    return Optional.ofNullable(rules.get(subject));
  }

  /** Kept, but not enforced. */
  @Override
  public synchronized void compatibility(String subject, String level) {
    rules.put(subject, level);
  }
}
