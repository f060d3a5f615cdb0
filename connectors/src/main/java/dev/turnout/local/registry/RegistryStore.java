package dev.turnout.local.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Subjects, versions, ids and rules, without any HTTP. */
final class RegistryStore {

  /** Name under which the rule and the mode for all subjects are kept. */
  static final String GLOBAL = "";

  private static final String LATEST = "latest";
  private static final String READ_WRITE = "READWRITE";
  private static final String READ_ONLY = "READONLY";

  private final RegistryFile file;
  private final RegistryState state;
  private boolean unsaved;

  RegistryStore(RegistryFile file) {
    this.file = file;
    this.state = file.read();
  }

  /** A version with its schema. */
  record Found(String subject, int version, int id, String schema) {}

  synchronized List<String> subjects() {
    return state.subjects().keySet().stream().filter(name -> !live(name).isEmpty()).toList();
  }

  synchronized List<Integer> versions(String subject) {
    return known(subject).stream().map(SubjectVersion::version).toList();
  }

  synchronized int register(String subject, String text) {
    String schema = parse(text).toString();
    for (SubjectVersion version : live(subject)) {
      if (schema.equals(state.schemas().get(version.id()))) {
        if (unsaved) {
          save();
        }
        return version.id();
      }
    }
    if (mode(subject).equals(READ_ONLY)) {
      throw new RegistryError(422, 42205, "Subject " + subject + " is in read-only mode");
    }
    List<String> problems = rule(subject).problems(parse(schema), schemas(live(subject)));
    if (!problems.isEmpty()) {
      throw new RegistryError(
          409,
          409,
          "Schema being registered is incompatible with an earlier schema for subject \""
              + subject
              + "\", rule "
              + rule(subject)
              + ": "
              + String.join("; ", problems));
    }
    List<SubjectVersion> versions =
        state.subjects().computeIfAbsent(subject, name -> new ArrayList<>());
    int id = idOf(schema);
    int next = versions.isEmpty() ? 1 : versions.get(versions.size() - 1).version() + 1;
    versions.add(new SubjectVersion(next, id, false));
    save();
    return id;
  }

  private int idOf(String schema) {
    for (Map.Entry<Integer, String> entry : state.schemas().entrySet()) {
      if (entry.getValue().equals(schema)) {
        return entry.getKey();
      }
    }
    int id = state.schemas().isEmpty() ? 1 : state.schemas().lastKey() + 1;
    state.schemas().put(id, schema);
    return id;
  }

  synchronized Found lookup(String subject, String text) {
    String schema = parse(text).toString();
    for (SubjectVersion version : known(subject)) {
      if (schema.equals(state.schemas().get(version.id()))) {
        return found(subject, version);
      }
    }
    throw RegistryError.schemaNotFound("not under subject '" + subject + "'");
  }

  synchronized Found version(String subject, String version) {
    return found(subject, find(subject, version));
  }

  synchronized String schema(int id) {
    String schema = state.schemas().get(id);
    if (schema == null) {
      throw RegistryError.schemaNotFound("id " + id);
    }
    return schema;
  }

  /** Subjects and versions that hold an id. */
  synchronized List<Found> uses(int id) {
    schema(id);
    return subjects().stream()
        .flatMap(
            subject ->
                live(subject).stream()
                    .filter(version -> version.id() == id)
                    .map(version -> found(subject, version)))
        .toList();
  }

  synchronized List<Integer> delete(String subject, boolean permanent) {
    List<SubjectVersion> all = state.subjects().getOrDefault(subject, List.of());
    if (all.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    if (permanent) {
      if (!live(subject).isEmpty()) {
        throw new RegistryError(
            404, 40405, "Subject '" + subject + "' was not deleted first before permanent delete");
      }
      state.subjects().remove(subject);
      save();
      return all.stream().map(SubjectVersion::version).toList();
    }
    List<Integer> versions = versions(subject);
    all.replaceAll(SubjectVersion::softlyDeleted);
    save();
    return versions;
  }

  synchronized int deleteVersion(String subject, String version) {
    SubjectVersion deleted = find(subject, version);
    state
        .subjects()
        .getOrDefault(subject, List.of())
        .replaceAll(other -> other.version() == deleted.version() ? other.softlyDeleted() : other);
    save();
    return deleted.version();
  }

  /** Why a schema could not follow the given version, or with null all versions, of a subject. */
  synchronized List<String> problems(String subject, @Nullable String version, String text) {
    Schema candidate = parse(text);
    List<SubjectVersion> against =
        version == null
            ? live(subject)
            : version.equals(LATEST) && live(subject).isEmpty()
                ? List.of()
                : List.of(find(subject, version));
    return rule(subject).problems(candidate, schemas(against));
  }

  /** The rule that applies to a subject. */
  synchronized Compatibility rule(String subject) {
    Compatibility own = ownRule(subject);
    Compatibility global = ownRule(GLOBAL);
    return own != null ? own : global != null ? global : Compatibility.BACKWARD;
  }

  /** The rule set for a subject itself, if any. */
  synchronized @Nullable Compatibility ownRule(String subject) {
    String name = state.compatibility().get(subject);
    return name == null ? null : Compatibility.named(name);
  }

  synchronized void rule(String subject, @Nullable Compatibility rule) {
    if (rule == null) {
      state.compatibility().remove(subject);
    } else {
      state.compatibility().put(subject, rule.name());
    }
    save();
  }

  synchronized String mode(String subject) {
    return state.modes().getOrDefault(subject, state.modes().getOrDefault(GLOBAL, READ_WRITE));
  }

  synchronized void mode(String subject, String mode) {
    String upper = mode.toUpperCase(Locale.ROOT);
    if (!upper.equals(READ_WRITE) && !upper.equals(READ_ONLY)) {
      throw new RegistryError(
          422, 42204, "Invalid mode " + mode + "; choose READWRITE or READONLY");
    }
    state.modes().put(subject, upper);
    save();
  }

  /** An id that was handed out but not written must not count as safe on the next request. */
  private void save() {
    unsaved = true;
    file.write(state);
    unsaved = false;
  }

  private SubjectVersion find(String subject, String version) {
    List<SubjectVersion> versions = known(subject);
    if (version.equals(LATEST) || version.equals("-1")) {
      return versions.get(versions.size() - 1);
    }
    int number;
    try {
      number = Integer.parseInt(version);
    } catch (NumberFormatException notNumber) {
      number = 0;
    }
    if (number < 1) {
      throw new RegistryError(
          422, 42202, "The specified version '" + version + "' is not a valid version id");
    }
    for (SubjectVersion candidate : versions) {
      if (candidate.version() == number) {
        return candidate;
      }
    }
    throw RegistryError.versionNotFound(version);
  }

  private Found found(String subject, SubjectVersion version) {
    return new Found(subject, version.version(), version.id(), schema(version.id()));
  }

  private List<SubjectVersion> known(String subject) {
    List<SubjectVersion> versions = live(subject);
    if (versions.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    return versions;
  }

  private List<SubjectVersion> live(String subject) {
    return state.subjects().getOrDefault(subject, List.of()).stream()
        .filter(version -> !version.deleted())
        .toList();
  }

  private List<Schema> schemas(List<SubjectVersion> versions) {
    return versions.stream().map(version -> parse(schema(version.id()))).toList();
  }

  private static Schema parse(String text) {
    try {
      return new Schema.Parser().parse(text);
    } catch (AvroRuntimeException invalid) {
      throw new RegistryError(422, 42201, "Invalid schema: " + invalid.getMessage());
    }
  }
}
