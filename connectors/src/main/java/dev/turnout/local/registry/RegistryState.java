package dev.turnout.local.registry;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything the registry knows, as it stands in its file.
 *
 * @param schemas schema text by global id
 * @param references what the schema of an id refers to; without an entry, to nothing
 * @param subjects versions by subject, oldest first
 * @param compatibility rule by subject; the empty name is the rule for all others
 * @param modes READWRITE or READONLY by subject; the empty name is the mode for all others
 * @param lastId largest id ever given out: those of schemas that are gone are in records still
 */
record RegistryState(
    SortedMap<Integer, String> schemas,
    SortedMap<Integer, List<SchemaReference>> references,
    SortedMap<String, List<SubjectVersion>> subjects,
    SortedMap<String, String> compatibility,
    SortedMap<String, String> modes,
    int lastId) {

  /** Fills in what files of earlier releases do not have. */
  RegistryState(
      SortedMap<Integer, String> schemas,
      @Nullable SortedMap<Integer, List<SchemaReference>> references,
      SortedMap<String, List<SubjectVersion>> subjects,
      SortedMap<String, String> compatibility,
      SortedMap<String, String> modes,
      int lastId) {
    this.schemas = schemas;
    this.references = references == null ? new TreeMap<>() : references;
    this.subjects = subjects;
    this.compatibility = compatibility;
    this.modes = modes;
    this.lastId = schemas.isEmpty() ? lastId : Math.max(lastId, schemas.lastKey());
  }

  static RegistryState empty() {
    return new RegistryState(
        new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), new TreeMap<>(), 0);
  }

  /** The same maps, to which an id was added. */
  RegistryState after(int id) {
    return new RegistryState(schemas, references, subjects, compatibility, modes, id);
  }

  SchemaText schema(int id) {
    String text = schemas.get(id);
    if (text == null) {
      throw RegistryError.schemaNotFound("id " + id);
    }
    return new SchemaText(text, references.getOrDefault(id, List.of()));
  }
}
