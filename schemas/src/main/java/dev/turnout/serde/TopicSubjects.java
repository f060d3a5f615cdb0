package dev.turnout.serde;

import dev.turnout.registry.RegisteredSchema;
import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.registry.UnknownSchemaException;
import dev.turnout.topic.TopicSchemas;
import dev.turnout.topic.TopicSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;

/**
 * The registry's subjects of the topics: registers their schemas and holds them to {@value #RULE},
 * so that no producer that registers what it writes replaces one with what readers cannot read.
 * Without a rule of its own a subject has the registry's, which may be none.
 */
public final class TopicSubjects {

  /** The rule of every subject: a new schema reads what was written with the one before. */
  public static final String RULE = "BACKWARD";

  /** Rules that hold at least to that; an operator's stricter one stays. */
  private static final Set<String> AS_STRICT =
      Set.of(RULE, "BACKWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE");

  private final SchemaRegistryClient registry;
  private final SubjectNaming naming;

  private TopicSubjects(SchemaRegistryClient registry, SubjectNaming naming) {
    this.registry = registry;
    this.naming = naming;
  }

  /**
   * At a registry.
   *
   * @param config keys of {@link AvroSerde}
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is wrong
   */
  public static TopicSubjects at(Map<String, ?> config) {
    return new TopicSubjects(
        SchemaRegistryClient.direct(config), SerdeSettings.from(config, false).naming());
  }

  /**
   * Registers the schemas of topics where they are not, and sets the rule where there is no
   * stricter one. Safe to call again, and from several programs.
   *
   * @return the subjects that this call changed
   * @throws RegistryRefusedException naming the subject, if the registry does not let us, or holds
   *     a schema under it that ours cannot follow
   * @throws dev.turnout.registry.RegistryUnavailableException if no registry answers
   */
  public Set<String> register(Collection<TopicSpec> topics) {
    Set<String> changed = new TreeSet<>();
    topics.forEach(
        topic ->
            TopicSchemas.of(topic)
                .ifPresent(
                    schema -> {
                      String subject = naming.subject(topic.name(), false, schema);
                      if (register(subject, schema)) {
                        changed.add(subject);
                      }
                    }));
    return changed;
  }

  private boolean register(String subject, Schema schema) {
    boolean held = registry.compatibility(subject).filter(AS_STRICT::contains).isPresent();
    // the rule first: it must already hold for whoever registers between the two
    boolean ruled = held || ruled(subject);
    boolean there = isRegistered(subject, schema);
    if (!there) {
      try {
        int unusedId = registry.register(subject, schema);
      } catch (RegistryRefusedException refused) {
        if (refused.status() != 409) {
          throw refused;
        }
        throw new RegistryRefusedException(
            "subject "
                + subject
                + " holds a schema of somebody else, which Turnout's "
                + schema.getName()
                + " cannot follow: "
                + refused.getMessage()
                + "; stop the producer that registered it, delete that version, and try again",
            refused.status(),
            refused.errorCode());
      }
    }
    if (!ruled) {
      registry.compatibility(subject, RULE);
    }
    return !held || !there;
  }

  /** False where a registry, e.g. Apicurio's, keeps rules only for subjects that hold something. */
  private boolean ruled(String subject) {
    try {
      registry.compatibility(subject, RULE);
      return true;
    } catch (RegistryRefusedException refused) {
      if (refused.status() == 404) {
        return false;
      }
      throw refused;
    }
  }

  private boolean isRegistered(String subject, Schema schema) {
    try {
      int unusedId = registry.idOf(subject, schema);
      return true;
    } catch (UnknownSchemaException unknown) {
      return false;
    }
  }

  /**
   * What is not as {@link #register} would have it, or was changed by somebody since.
   *
   * @return one line for each, with the remedy
   * @throws RegistryRefusedException if the registry does not let us in
   * @throws dev.turnout.registry.RegistryUnavailableException if no registry answers
   */
  public List<String> problems(Collection<TopicSpec> topics) {
    List<String> problems = new ArrayList<>();
    Set<String> empty = new TreeSet<>();
    for (TopicSpec topic : topics) {
      Optional<Schema> schema = TopicSchemas.of(topic);
      if (schema.isPresent()) {
        String subject = naming.subject(topic.name(), false, schema.get());
        try {
          check(subject, schema.get(), registry.latest(subject), problems);
        } catch (UnknownSchemaException missing) {
          empty.add(subject);
        }
      }
    }
    if (!empty.isEmpty()) {
      problems.add(
          "the registry holds no schema under "
              + String.join(", ", empty)
              + "; turnout topics --create registers Turnout's");
    }
    return problems;
  }

  private void check(
      String subject, Schema schema, RegisteredSchema latest, List<String> problems) {
    Optional<String> rule = registry.compatibility(subject);
    if (rule.filter(AS_STRICT::contains).isEmpty()) {
      problems.add(
          "subject "
              + subject
              + " has "
              + rule.map(name -> "the rule " + name).orElse("no rule of its own")
              + " instead of "
              + RULE
              + ", so that producers may replace its schema; turnout topics --create sets it");
    }
    SchemaDifference.of(schema, latest.schema())
        .ifPresent(
            difference ->
                problems.add(
                    "subject "
                        + subject
                        + ": its latest version, "
                        + latest.version()
                        + ", is not Turnout's ("
                        + difference
                        + "), and clients with use.latest.version=true fail on it; stop the"
                        + " producer that registered it and delete the version (DELETE /subjects/"
                        + subject
                        + "/versions/"
                        + latest.version()
                        + ")"));
  }
}
