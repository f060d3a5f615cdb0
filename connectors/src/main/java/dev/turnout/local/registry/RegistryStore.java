package dev.turnout.local.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Subjects, versions, ids and rules, without any HTTP.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>An id means one schema, text and references together, and is never given to another: it
 *       stands in records.
 *   <li>Deletion has two steps. A soft one hides a version, which stays readable by its id and for
 *       what refers to it; only what is hidden can be deleted for good, and only when nothing
 *       refers to it. An id goes with the last version that has it.
 *   <li>What an answer says is in the file: a change that could not be written is written by the
 *       next request that relies on it, or that one fails too.
 * </ul>
 *
 * <p>Safe for use by several threads: every method holds one lock.
 */
final class RegistryStore {

  private static final String LATEST = "latest";

  private final RegistryFile file;
  private final RegistryRules rules;
  private RegistryState state;
  private boolean unsaved;

  RegistryStore(RegistryFile file) {
    this.file = file;
    this.state = file.read();
    this.rules = new RegistryRules(state.compatibility(), state.modes());
  }

  /** A version with its schema. */
  record Found(String subject, int version, int id, SchemaText schema, boolean deleted) {}

  /** Subjects by the beginning of their names; a deleted one has no version left that is not. */
  synchronized List<String> subjects(String prefix, SubjectFilter filter) {
    return state.subjects().keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .filter(
            name ->
                switch (filter) {
                  case LIVE -> !versionsOf(name, SubjectFilter.LIVE).isEmpty();
                  case DELETED -> versionsOf(name, SubjectFilter.LIVE).isEmpty();
                  case ALL -> true;
                })
        .toList();
  }

  synchronized List<Integer> versions(String subject, SubjectFilter filter) {
    List<SubjectVersion> shown = versionsOf(subject, filter);
    if (shown.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    return shown.stream().map(SubjectVersion::version).toList();
  }

  /** Every version of every subject. */
  synchronized List<Found> schemas(String prefix, SubjectFilter filter) {
    return subjects(prefix, filter).stream()
        .flatMap(subject -> versionsOf(subject, filter).stream().map(each -> found(subject, each)))
        .toList();
  }

  synchronized int register(String subject, SchemaText given) {
    SchemaText schema = withVersions(given);
    Schema parsed = parse(schema);
    SchemaText canonical = canonical(schema, parsed);
    for (SubjectVersion version : versionsOf(subject, SubjectFilter.LIVE)) {
      if (canonical.equals(state.schema(version.id()))) {
        if (unsaved) {
          save();
        }
        return version.id();
      }
    }
    if (rules.readOnly(subject)) {
      throw new RegistryError(422, 42205, "Subject " + subject + " is in read-only mode");
    }
    List<String> disagreeing = LogicalTypeCheck.problems(parsed);
    if (!disagreeing.isEmpty()) {
      throw RegistryError.invalid(
          String.join("; ", disagreeing)
              + "; put it on the type that it belongs to, or leave logicalType out");
    }
    List<String> problems = problems(subject, null, canonical);
    if (!problems.isEmpty()) {
      throw new RegistryError(
          409,
          409,
          "Schema being registered is incompatible with an earlier schema for subject \""
              + subject
              + "\", rule "
              + rules.rule(subject)
              + ": "
              + String.join("; ", problems));
    }
    List<SubjectVersion> versions =
        state.subjects().computeIfAbsent(subject, name -> new ArrayList<>());
    int id = idOf(canonical);
    int next = versions.isEmpty() ? 1 : versions.get(versions.size() - 1).version() + 1;
    versions.add(new SubjectVersion(next, id, false));
    save();
    return id;
  }

  private int idOf(SchemaText schema) {
    for (int known : state.schemas().keySet()) {
      if (state.schema(known).equals(schema)) {
        return known;
      }
    }
    int id = state.lastId() + 1;
    state.schemas().put(id, schema.text());
    if (!schema.references().isEmpty()) {
      state.references().put(id, schema.references());
    }
    state = state.after(id);
    return id;
  }

  synchronized Found lookup(String subject, SchemaText given, SubjectFilter filter) {
    List<SubjectVersion> versions = versionsOf(subject, filter);
    if (versions.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    SchemaText schema = withVersions(given);
    SchemaText canonical = canonical(schema, parse(schema));
    for (int i = versions.size() - 1; i >= 0; i--) {
      if (canonical.equals(state.schema(versions.get(i).id()))) {
        return found(subject, versions.get(i));
      }
    }
    throw RegistryError.schemaNotFound("not under subject '" + subject + "'");
  }

  synchronized Found version(String subject, String version, SubjectFilter filter) {
    return found(subject, find(subject, version, filter));
  }

  synchronized SchemaText schema(int id) {
    return state.schema(id);
  }

  synchronized int lastId() {
    return state.lastId();
  }

  /** Versions of subjects that hold an id. */
  synchronized List<Found> uses(int id, SubjectFilter filter) {
    SchemaText unusedSchema = schema(id);
    return all()
        .filter(use -> use.id() == id && (filter == SubjectFilter.ALL || !use.deleted()))
        .toList();
  }

  /** Ids of the schemas that refer to a version. */
  synchronized List<Integer> referencedBy(String subject, String version) {
    int number = find(subject, version, SubjectFilter.LIVE).version();
    return referring(subject, number, SubjectFilter.LIVE).map(Found::id).distinct().toList();
  }

  private Stream<Found> referring(String subject, int version, SubjectFilter filter) {
    return all()
        .filter(user -> filter == SubjectFilter.ALL || !user.deleted())
        .filter(
            user ->
                user.schema().references().stream()
                    .anyMatch(
                        reference ->
                            reference.subject().equals(subject) && reference.version() == version));
  }

  private Stream<Found> all() {
    return state.subjects().entrySet().stream()
        .flatMap(entry -> entry.getValue().stream().map(each -> found(entry.getKey(), each)));
  }

  synchronized List<Integer> delete(String subject, boolean permanent) {
    List<SubjectVersion> all = versionsOf(subject, SubjectFilter.ALL);
    List<SubjectVersion> live = versionsOf(subject, SubjectFilter.LIVE);
    if (all.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
    if (permanent && !live.isEmpty()) {
      throw RegistryError.subjectNotDeleted(subject);
    }
    if (!permanent && live.isEmpty()) {
      throw RegistryError.subjectDeleted(subject);
    }
    List<SubjectVersion> going = permanent ? all : live;
    for (SubjectVersion version : going) {
      requireUnreferenced(subject, version.version(), permanent);
    }
    if (permanent) {
      state.subjects().remove(subject);
      dropUnusedIds();
    } else {
      state.subjects().computeIfPresent(subject, (name, versions) -> hidden(versions, going));
      rules.removeRule(subject);
      rules.removeMode(subject);
    }
    save();
    return going.stream().map(SubjectVersion::version).toList();
  }

  synchronized int deleteVersion(String subject, String version, boolean permanent) {
    boolean hidden = versionsOf(subject, SubjectFilter.LIVE).isEmpty();
    SubjectVersion going =
        find(
            subject,
            version,
            permanent || hidden || !version.equals(LATEST)
                ? SubjectFilter.ALL
                : SubjectFilter.LIVE);
    if (permanent && !going.deleted()) {
      throw RegistryError.versionNotDeleted(subject, going.version());
    }
    if (!permanent && going.deleted()) {
      throw RegistryError.versionDeleted(subject, going.version());
    }
    requireUnreferenced(subject, going.version(), permanent);
    if (permanent) {
      state
          .subjects()
          .computeIfPresent(
              subject,
              (name, versions) -> {
                versions.remove(going);
                return versions.isEmpty() ? null : versions;
              });
      dropUnusedIds();
    } else {
      state
          .subjects()
          .computeIfPresent(subject, (name, versions) -> hidden(versions, List.of(going)));
    }
    save();
    return going.version();
  }

  private void requireUnreferenced(String subject, int version, boolean permanent) {
    SubjectFilter users = permanent ? SubjectFilter.ALL : SubjectFilter.LIVE;
    if (referring(subject, version, users).anyMatch(user -> !user.subject().equals(subject))) {
      throw RegistryError.referenced(subject, version);
    }
  }

  private static List<SubjectVersion> hidden(
      List<SubjectVersion> versions, List<SubjectVersion> going) {
    versions.replaceAll(each -> going.contains(each) ? each.softlyDeleted() : each);
    return versions;
  }

  private void dropUnusedIds() {
    List<Integer> used = all().map(Found::id).toList();
    state.schemas().keySet().retainAll(used);
    state.references().keySet().retainAll(used);
  }

  /** Why a schema could not follow the given version, or with null all versions, of a subject. */
  synchronized List<String> problems(String subject, @Nullable String version, SchemaText given) {
    Schema candidate = parse(withVersions(given));
    List<SubjectVersion> live = versionsOf(subject, SubjectFilter.LIVE);
    List<SubjectVersion> against =
        version == null
            ? live
            : version.equals(LATEST) && live.isEmpty()
                ? List.of()
                : List.of(find(subject, version, SubjectFilter.LIVE));
    List<Schema> earlier = against.stream().map(each -> parse(state.schema(each.id()))).toList();
    return rules.rule(subject).problems(candidate, earlier);
  }

  /** Reads rules and modes. */
  synchronized <T extends @Nullable Object> T read(Function<RegistryRules, T> reading) {
    return reading.apply(rules);
  }

  /** Changes rules and modes. */
  synchronized void change(java.util.function.Consumer<RegistryRules> change) {
    change.accept(rules);
    save();
  }

  /** An id that was handed out but not written must not count as safe on the next request. */
  private void save() {
    unsaved = true;
    file.write(state);
    unsaved = false;
  }

  private SubjectVersion find(String subject, String version, SubjectFilter filter) {
    List<SubjectVersion> versions = versionsOf(subject, filter);
    if (versions.isEmpty()) {
      throw RegistryError.subjectNotFound(subject);
    }
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
    return new Found(
        subject, version.version(), version.id(), state.schema(version.id()), version.deleted());
  }

  private List<SubjectVersion> versionsOf(String subject, SubjectFilter filter) {
    return state.subjects().getOrDefault(subject, List.of()).stream()
        .filter(filter::shows)
        .toList();
  }

  /** The same schema, with a number for each reference to a latest version. */
  private SchemaText withVersions(SchemaText schema) {
    return new SchemaText(
        schema.text(),
        schema.references().stream()
            .map(
                reference -> {
                  try {
                    SubjectVersion version =
                        find(
                            reference.subject(),
                            Integer.toString(reference.version()),
                            SubjectFilter.ALL);
                    return new SchemaReference(
                        reference.name(), reference.subject(), version.version());
                  } catch (RegistryError missing) {
                    throw RegistryError.invalid(
                        "No schema reference found for subject \""
                            + reference.subject()
                            + "\" and version "
                            + reference.version());
                  }
                })
            .toList());
  }

  private Schema parse(SchemaText schema) {
    Map<String, List<SubjectVersion>> subjects = state.subjects();
    return new SchemaParsing(
            reference ->
                subjects.getOrDefault(reference.subject(), List.of()).stream()
                    .filter(version -> version.version() == reference.version())
                    .map(version -> state.schema(version.id()))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            RegistryError.invalid(
                                "it refers to "
                                    + reference.subject()
                                    + " version "
                                    + reference.version()
                                    + ", which is gone")))
        .parse(schema);
  }

  private static SchemaText canonical(SchemaText schema, Schema parsed) {
    return new SchemaText(
        SchemaParsing.canonical(schema.text(), parsed, schema.references()), schema.references());
  }
}
