package dev.turnout.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.schema.Priority;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {

  @Test
  void shouldNameEveryTopicUnderThePrefix() {
    // given
    TopicCatalogue catalogue = TopicCatalogue.withPrefix("team-a");

    // when
    List<String> names = catalogue.topics().stream().map(TopicSpec::name).toList();

    // then
    assertThat(names)
        .containsExactly(
            "team-a.queries",
            "team-a.requests.<llm>",
            "team-a.requests.<llm>.batch",
            "team-a.decisions",
            "team-a.outcomes",
            "team-a.feedback",
            "team-a.samples",
            "team-a.posteriors",
            "team-a.models",
            "team-a.llms",
            "team-a.tenants",
            "team-a.keys",
            "team-a.budget-events",
            "team-a.budgets",
            "team-a.replies",
            "team-a.cancellations",
            "team-a.availability",
            "team-a.dlq");
  }

  @Test
  void shouldMakeTopicNamesOfLlmIds() {
    assertThat(TopicCatalogue.standard().requests("mistralai/Mistral 7B:v0.1"))
        .isEqualTo("turnout.requests.mistralai-Mistral-7B-v0.1");
  }

  @Test
  void shouldRefuseLlmIdsThatKafkaCannotName() {
    assertThatThrownBy(() -> TopicCatalogue.standard().requests("x".repeat(250)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("choose a shorter id");
    assertThatThrownBy(() -> TopicCatalogue.standard().requests(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefusePrefixesThatKafkaCannotName() {
    assertThatThrownBy(() -> TopicCatalogue.withPrefix("a b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"a b.\"");
  }

  @Test
  void shouldPartitionEverythingTheLearnerJoinsAlike() {
    // given
    TopicCatalogue catalogue = TopicCatalogue.standard().withPartitions(3);
    List<String> joined =
        List.of(catalogue.decisions(), catalogue.outcomes(), catalogue.feedback());

    // when, then
    assertThat(
            catalogue.topics().stream()
                .filter(topic -> joined.contains(topic.name()))
                .map(TopicSpec::partitions)
                .collect(Collectors.toSet()))
        .containsExactly(3);
  }

  @Test
  void shouldKeepTheTopicsOfPrioritiesApart() {
    // given
    TopicCatalogue catalogue = TopicCatalogue.standard();

    // then
    assertThat(catalogue.requests("a/b", Priority.INTERACTIVE)).isEqualTo("turnout.requests.a-b");
    assertThat(catalogue.requests("a/b", Priority.BATCH)).isEqualTo("turnout.requests.a-b.batch");
    assertThatThrownBy(() -> catalogue.requests("a.batch"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("does not end in \".batch\"");
    assertThat(catalogue.requestsSpecs("m"))
        .extracting(TopicSpec::name)
        .containsExactly("turnout.requests.m", "turnout.requests.m.batch");
  }

  @Test
  void shouldPrintTheDocumentationsTable() {
    // when
    String table = TopicCatalogue.standard().toMarkdown();

    // then
    assertThat(table.lines()).hasSize(2 + 18);
    assertThat(table)
        .contains("| `turnout.llms` | LLM id | LlmProfile | 1 | compacted: last per key | 1 MiB |")
        .contains("| `turnout.requests.<llm>` | query id | RoutedRequest | 6 | 1 day | 8 MiB |")
        .contains("| `turnout.replies` | ask of the gateway | Reply | 16 | 1 hour | 10 MiB |");
  }
}
