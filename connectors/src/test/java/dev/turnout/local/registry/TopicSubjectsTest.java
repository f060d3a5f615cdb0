package dev.turnout.local.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.RegistryRefusedException;
import dev.turnout.registry.SchemaRegistryClient;
import dev.turnout.schema.Query;
import dev.turnout.serde.TopicSubjects;
import dev.turnout.topic.TopicCatalogue;
import dev.turnout.topic.TopicSpec;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The topics' subjects against the in-process registry, with producers that register their own. */
class TopicSubjectsTest {

  private static final String SUBJECT = "turnout.queries-value";
  private static final List<TopicSpec> TOPICS =
      TopicCatalogue.standard().topics().stream().filter(topic -> !topic.perLlm()).toList();

  private InProcessRegistry registry;

  @BeforeEach
  void start() {
    registry = InProcessRegistry.start(0, null);
    // a registry without a rule, as Apicurio's is
    client().compatibility("", "NONE");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private SchemaRegistryClient client() {
    return SchemaRegistryClient.direct(config());
  }

  private Map<String, Object> config() {
    return Map.of("schema.registry.url", registry.url());
  }

  private TopicSubjects subjects() {
    return TopicSubjects.at(config());
  }

  @Test
  void shouldRegisterEverySchemaAndItsRuleOnce() {
    // when
    List<String> changed = List.copyOf(subjects().register(TOPICS));

    // then all but the dead letters have a schema
    assertThat(changed).hasSize(TOPICS.size() - 1).contains(SUBJECT);
    assertThat(subjects().register(TOPICS)).isEmpty();
    assertThat(subjects().problems(TOPICS)).isEmpty();
    for (String subject : changed) {
      assertThat(client().compatibility(subject)).contains("BACKWARD");
    }
    assertThat(client().latest(SUBJECT).schema()).isEqualTo(Query.getClassSchema());
  }

  @Test
  void shouldKeepAnIncompatibleSchemaOfSomebodyElseOut() {
    // given
    subjects().register(TOPICS);

    // when, then
    assertThatThrownBy(() -> client().register(SUBJECT, query("int")))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining("HTTP 409");
    assertThat(client().latest(SUBJECT).schema()).isEqualTo(Query.getClassSchema());
  }

  @Test
  void shouldSayWhatSomebodyChanged() {
    // given a schema that Avro's rules let pass, although it turns our text into bytes
    subjects().register(TOPICS);
    client().register(SUBJECT, query("bytes"));
    client().compatibility("turnout.outcomes-value", "NONE");
    client().compatibility("turnout.decisions-value", "FULL_TRANSITIVE");

    // when
    List<String> problems = subjects().problems(TOPICS);

    // then
    assertThat(problems)
        .hasSize(2)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains(
                        SUBJECT,
                        "latest version, 2, is not Turnout's (Query.text is bytes instead of string)",
                        "DELETE /subjects/turnout.queries-value/versions/2"))
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("turnout.outcomes-value has the rule NONE instead of BACKWARD"));
  }

  @Test
  void shouldSayThatNothingIsRegistered() {
    assertThat(subjects().problems(TOPICS))
        .singleElement()
        .asString()
        .contains(SUBJECT, "turnout topics --create");
  }

  @Test
  void shouldNameTheSubjectThatSomebodyElseHolds() {
    // given
    client().register(SUBJECT, query("int"));

    // when, then
    assertThatThrownBy(() -> subjects().register(TOPICS))
        .isInstanceOf(RegistryRefusedException.class)
        .hasMessageContaining(SUBJECT)
        .hasMessageContaining("somebody else")
        .hasMessageContaining("delete that version");
  }

  private static Schema query(String type) {
    return SchemaBuilder.record("Query")
        .namespace("dev.turnout.schema")
        .fields()
        .requiredString("id")
        .name("text")
        .type(type)
        .noDefault()
        .endRecord();
  }
}
