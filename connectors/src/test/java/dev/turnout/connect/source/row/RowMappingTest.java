package dev.turnout.connect.source.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.schema.Grade;
import dev.turnout.schema.Priority;
import dev.turnout.schema.Query;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RowMappingTest {
  private static final Instant NOW = Instant.ofEpochMilli(1_700_000_000_000L);
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final RowPlace PLACE = new RowPlace("/in/some.jsonl", 3, 70);

  private final RowMapping queries = new QueryRow("acme", Priority.BATCH, CLOCK);
  private final RowMapping grades = new GradeRow("", CLOCK);

  @Test
  void shouldReadAQueryOfJson() throws Exception {
    // when
    Query query =
        query(
            "{\"id\":\"a\",\"text\":\"Why?\",\"priority\":\"interactive\","
                + "\"deadline\":\"2026-01-31T12:00:00Z\",\"metadata\":{\"k\":\"v\"},"
                + "\"constraints\":{\"maxCostUsd\":0.5,\"allowedLlms\":[\"x\"]}}");

    // then
    assertThat(query.getId()).isEqualTo("a");
    assertThat(query.getTenant()).isEqualTo("acme");
    assertThat(query.getPriority()).isEqualTo(Priority.INTERACTIVE);
    assertThat(query.getDeadline()).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(query.getSubmittedAt()).isEqualTo(NOW);
    assertThat(query.getMetadata()).containsEntry("k", "v");
    assertThat(query.getConstraints().getMaxCostUsd()).isEqualTo(0.5);
    assertThat(query.getConstraints().getAllowedLlms()).containsExactly("x");
  }

  @Test
  void shouldReadTheSameOfCsvAndGiveAnIdOfThePlace() throws Exception {
    // when
    Query query =
        (Query)
            queries
                .map(
                    RowFields.csv(
                        List.of("text", "metadata.k", "constraints.maxCostUsd", "session"),
                        RowFields.cells("\"Why, then?\",v,0.5,")),
                    PLACE)
                .value();

    // then
    assertThat(query.getText()).isEqualTo("Why, then?");
    assertThat(query.getId()).isEqualTo(PLACE.id()).startsWith("some.jsonl-").endsWith("-70");
    assertThat(query.getSession()).isNull();
    assertThat(query.getMetadata()).containsEntry("k", "v");
    assertThat(query.getConstraints().getMaxCostUsd()).isEqualTo(0.5);
  }

  @Test
  void shouldReadAChatAsTheGatewayDoes() throws Exception {
    // when
    Query query =
        query(
            "{\"chat\":{\"model\":\"gpt\",\"messages\":[{\"role\":\"system\",\"content\":\"Be"
                + " brief\"},{\"role\":\"user\",\"content\":\"Why?\"}],\"tools\":[{}]}}");

    // then
    assertThat(query.getText()).isEqualTo("Why?");
    assertThat(query.getChat().getBody()).contains("Be brief");
    assertThat(query.getNeeds().getCapabilities()).contains("tools");
    assertThat(query.getConversation().getTurns()).hasSize(1);
    assertThat(query.getConstraints().getAllowedLlms()).containsExactly("gpt");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"txet\":\"a\"} | no field \"txet\"",
        "{\"text\":\" \"} | \"text\" is empty",
        "{\"id\":\"a\"} | no \"text\"",
        "{\"text\":[1]} | \"text\" is [1]; it must be a string",
        "{\"text\":\"a\",\"deadline\":\"soon\"} | \"deadline\" is \"soon\"; it must be a moment",
        "{\"text\":\"a\",\"constraints\":{\"maxCostUsd\":\"x\"}} | \"constraints.maxCostUsd\"",
        "{\"text\":\"a\",\"reply\":{\"partition\":1}} | no field \"reply\"",
        "{\"text\":\"a\",\"priority\":\"now\"} | one of [INTERACTIVE, BATCH]",
        "{\"chat\":{\"messages\":[]}} | \"messages\" must be an array",
        "[1] | no object",
        "{\"text\":\"a\" | not JSON"
      })
  void shouldSayWhatIsWrongWithAQuery(String row, String said) {
    // then
    assertThatThrownBy(() -> query(row))
        .isInstanceOf(RowException.class)
        .hasMessageContaining(said);
  }

  @Test
  void shouldReadAGradeAndRefuseOneBeyondItsBounds() throws Exception {
    // when
    Grade grade =
        (Grade)
            grades
                .map(
                    RowFields.json(
                        "{\"queryId\":\"a\",\"llm\":\"x\",\"grader\":\"me\",\"reward\":0.5}"),
                    PLACE)
                .value();

    // then
    assertThat(grade.getReward()).isEqualTo(0.5);
    assertThat(grade.getGradedAt()).isEqualTo(NOW);
    assertThatThrownBy(
            () ->
                grades.map(
                    RowFields.json(
                        "{\"queryId\":\"a\",\"llm\":\"x\",\"grader\":\"me\",\"reward\":50}"),
                    PLACE))
        .hasMessageContaining("\"reward\" is 50.0");
    for (String amount : List.of("\"costUsd\":-5", "\"costUsd\":1e999", "\"latencyMs\":-1")) {
      String row =
          "{\"queryId\":\"a\",\"llm\":\"x\",\"grader\":\"me\",\"reward\":1," + amount + "}";
      assertThatThrownBy(() -> grades.map(RowFields.json(row), PLACE))
          .isInstanceOf(RowException.class)
          .hasMessageContaining(amount.substring(0, amount.indexOf(':')));
    }
    assertThatThrownBy(
            () ->
                grades.map(RowFields.json("{\"queryId\":\"a\",\"llm\":\"x\",\"reward\":1}"), PLACE))
        .hasMessageContaining("no \"grader\"");
  }

  private Query query(String row) throws RowException {
    return (Query) queries.map(RowFields.json(row), PLACE).value();
  }
}
