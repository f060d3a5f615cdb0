package dev.turnout.app.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.data.LlmPrice;
import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeDatasetsTest {
  @TempDir Path dir;

  @Test
  void shouldReadRouterDcFolderByTheTasksRules() throws IOException {
    // given
    write(
        "train/mmlu_train.json",
        "[{\"question\": \"q1\", \"scores\": {\"a\": 0.2, \"b\": 0}, \"cluster_id\": 3}]");
    write("test/gsm8k-test.json", "[{\"question\": \"q2\", \"scores\": {\"b\": 0.3, \"a\": 1}}]");
    write("ood/mbpp.json", "[{\"question\": \"q3\", \"scores\": {\"a\": 0.5, \"b\": null}}]");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.llms()).containsExactly("a", "b");
    assertThat(dataset.queries())
        .extracting(QueryOutcomes::dataset)
        .containsExactly("mmlu", "gsm8k", "mbpp");
    assertThat(dataset.split(Split.TRAIN).get(0).rewards()).containsExactly(1, 0);
    assertThat(dataset.split(Split.TEST).get(0).rewards()).containsExactly(1, 0.3);
    assertThat(dataset.split(Split.OOD).get(0).rewards()).containsExactly(0.5, Double.NaN);
    assertThat(dataset.queries().get(0).costsUsd()).containsOnly(Double.NaN);
  }

  @Test
  void shouldPreferTheScoringFileBesideTheData() throws IOException {
    // given
    write("train/mmlu_train.json", "[{\"question\": \"q\", \"scores\": {\"a\": 0.2, \"b\": 0.7}}]");
    write("train/own_train.json", "[{\"question\": \"p\", \"scores\": {\"a\": 0.2, \"b\": 0.7}}]");
    write("scoring.json", "{\"mmlu*\": \"share\", \"own\": 0.5}");

    // when
    List<QueryOutcomes> queries = OutcomeDatasets.read(dir).queries();

    // then
    assertThat(queries.get(0).rewards()).containsExactly(0.2, 0.7);
    assertThat(queries.get(1).rewards()).containsExactly(0, 1);
  }

  @Test
  void shouldReadGzippedJsonLinesWithTokensPricedByThePriceFile() throws IOException {
    // given
    Path file = dir.resolve("outcomes.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(
          """
          {"id": "train/1", "dataset": "mine_train", "question": "q", "scores": {"a": 1, "b": ""}, \
          "tokens": {"a": {"input": 1000, "output": 500}}, "answers": {"a": "42"}}
          {"id": "test/1", "dataset": "mine_test", "question": "r", "scores": {"b": 0.5}, \
          "costs": {"b": 0.01}}
          """
              .getBytes(StandardCharsets.UTF_8));
    }
    write(
        "prices.json",
        "{\"a\": {\"input_price\": 2, \"output_price\": 4}, \"b\": {\"inputPrice\": 1,"
            + " \"outputPrice\": 1}}");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.llms()).containsExactly("a", "b");
    QueryOutcomes train = dataset.split(Split.TRAIN).get(0);
    assertThat(train.dataset()).isEqualTo("mine");
    assertThat(train.rewards()).containsExactly(1, Double.NaN);
    assertThat(train.costsUsd()[0]).isCloseTo(0.004, within(1e-12));
    assertThat(train.answers()).containsExactly("42", "");
    QueryOutcomes test = dataset.split(Split.TEST).get(0);
    assertThat(test.rewards()).containsExactly(Double.NaN, 0.5);
    assertThat(test.costsUsd()).containsExactly(Double.NaN, 0.01);
    assertThat(dataset.prices().get("b")).isEqualTo(new LlmPrice(1, 1));
  }

  @Test
  void shouldReadJoinedDecisionsAsTheSinkWritesThem() throws IOException {
    // given one with two graders, one of which graded again, one without grades, one without text
    write(
        "part.jsonl",
        """
        {"queryId": "q1", "tenant": "acme", "text": "Why?", "llm": "a", \
        "answers": [{"llm": "a", "answer": "because", "costUsd": 0.002}, \
        {"llm": "b", "shadow": true, "answer": null, "costUsd": null}], \
        "grades": [{"llm": "a", "grader": "judge", "reward": 0}, \
        {"llm": "a", "grader": "judge", "reward": 1}, \
        {"llm": "a", "grader": "user", "reward": 0.5}, \
        {"llm": "b", "grader": "judge", "reward": 0.25}]}
        {"queryId": "q2", "tenant": "acme", "text": "How?", "answers": [], "grades": []}
        {"queryId": "q3", "tenant": "acme", "text": null, "answers": [], \
        "grades": [{"llm": "a", "grader": "judge", "reward": 0}]}
        """);

    // when
    OutcomeDataset dataset = OutcomeDatasets.inspect(dir);

    // then
    assertThat(dataset.llms()).containsExactly("a", "b");
    assertThat(dataset.queries()).hasSize(1);
    QueryOutcomes query = dataset.queries().get(0);
    assertThat(query.dataset()).isEqualTo("acme");
    assertThat(query.question()).isEqualTo("Why?");
    assertThat(query.split()).isEqualTo(Split.byChecksum("Why?"));
    assertThat(query.rewards()).containsExactly(0.75, 0.25);
    assertThat(query.costsUsd()).containsExactly(0.002, Double.NaN);
    assertThat(query.answers()).containsExactly("because", "");
    assertThat(dataset.origin().warnings())
        .anyMatch(warning -> warning.contains("2 decisions have no grade, or no text"));
  }

  @Test
  void shouldNameARowThatIsNoOutcomeAndAFileThatIsNoParquet() throws IOException {
    // given
    write("odd.parquet", "PAR1");
    write("other.jsonl", "{\"queryId\": \"q\", \"grades\": [{\"llm\": \"a\", \"reward\": 2}]}");

    // then
    assertThatThrownBy(() -> OutcomeDatasets.inspect(dir.resolve("odd.parquet")))
        .isInstanceOf(OutcomeDataException.class)
        .hasMessageContaining("odd.parquet row 1")
        .hasMessageContaining("turnout export");
    assertThatThrownBy(() -> OutcomeDatasets.inspect(dir.resolve("other.jsonl")))
        .isInstanceOf(OutcomeDataException.class)
        .hasMessageContaining("other.jsonl line 1")
        .hasMessageContaining("grader");
  }

  @Test
  void shouldReadRouterBenchCsv() throws IOException {
    // given
    write(
        "bench.csv",
        """
        sample_id,prompt,eval_name,split,gpt,gpt|total_cost,gpt|model_response,oracle_model_to_route_to
        s.1,"['Hello, \\nworld']",hellaswag,train,1.0,0.002,yes,gpt
        s.2,plain,hellaswag,test,,0.001,no,no_model_correct
        """);

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.llms()).containsExactly("gpt");
    assertThat(dataset.queries().get(0).question()).isEqualTo("Hello, \nworld");
    assertThat(dataset.queries().get(0).costsUsd()).containsExactly(0.002);
    assertThat(dataset.queries().get(1).split()).isEqualTo(Split.TEST);
    assertThat(dataset.queries().get(1).rewards()).containsExactly(Double.NaN);
    assertThat(dataset.queries().get(1).answers()).containsExactly("no");
  }

  @Test
  void shouldSplitCsvWithoutSplitColumnTheSameOnEveryRun() throws IOException {
    // given
    StringBuilder csv = new StringBuilder("id,question,a,b\n");
    for (int i = 0; i < 1000; i++) {
      csv.append("q").append(i).append(",text ").append(i).append(",0,1\n");
    }
    write("outcomes.csv", csv.toString());

    // when
    OutcomeDataset once = OutcomeDatasets.read(dir);
    OutcomeDataset again = OutcomeDatasets.read(dir);

    // then
    assertThat(once.split(Split.TRAIN)).hasSizeBetween(750, 850);
    assertThat(once.split(Split.TEST)).hasSizeBetween(150, 250);
    assertThat(again.split(Split.TEST))
        .extracting(QueryOutcomes::id)
        .isEqualTo(once.split(Split.TEST).stream().map(QueryOutcomes::id).toList());
  }

  @Test
  void shouldLeaveTestedQueriesOutOfTraining() throws IOException {
    // given
    write(
        "o.jsonl",
        line("train/1", "what is\\n it?", "{\"a\": 1}")
            + line("train/2", "other", "{\"a\": 1}")
            + line("test/1", " what is it?", "{\"a\": 0}"));

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.split(Split.TRAIN)).extracting(QueryOutcomes::id).containsExactly("train/2");
    assertThat(dataset.split(Split.TEST)).hasSize(1);
  }

  @Test
  void shouldNameLineFieldAndRemedyOfABadScore() throws IOException {
    write(
        "o.jsonl", line("train/1", "q", "{\"a\": 1}") + line("train/2", "q", "{\"a\": \"good\"}"));
    assertFails("o.jsonl line 2, field \"scores.a\"", "not a number: good", "leave it blank");
  }

  @Test
  void shouldRefuseScoresOutsideTheUnitInterval() throws IOException {
    write("o.jsonl", line("train/1", "q", "{\"a\": 7}"));
    assertFails("o.jsonl line 1, field \"scores.a\"", "7.0 is not in 0..1", "scoring.json");
  }

  @Test
  void shouldRefuseMissingFields() throws IOException {
    write("o.jsonl", "{\"id\": \"train/1\", \"dataset\": \"d\", \"scores\": {\"a\": 1}}\n");
    assertFails("o.jsonl line 1, field \"question\"", "is missing", "every record needs");
  }

  @Test
  void shouldRefuseMissingScores() throws IOException {
    write("train/t.json", "[{\"question\": \"q\", \"score\": {\"a\": 1}}]");
    assertFails("t.json line 1, record 1, field \"scores\"", "is missing", "null where not graded");
  }

  @Test
  void shouldRefuseIdsWithoutSplit() throws IOException {
    write("o.jsonl", line("17", "q", "{\"a\": 1}"));
    assertFails("o.jsonl line 1, field \"id\"", "\"17\"", "train/, test/ or ood/");
  }

  @Test
  void shouldNameThePlaceOfBrokenJson() throws IOException {
    write("train/t.json", "[{\"question\": \"q\", \"scores\": {\"a\": 1}},\n{\"question\": oops}]");
    assertFails("t.json line 2 column", "record 2", "JSON array");
  }

  @Test
  void shouldNameTheLineOfABrokenJsonLine() throws IOException {
    write("o.jsonl", line("train/1", "q", "{\"a\": 1}") + "{\"id\": \n");
    assertFails("o.jsonl line 2", "each line must be one JSON object");
  }

  @Test
  void shouldNameTheLineOfARaggedCsvRow() throws IOException {
    write("o.csv", "id,question,a,split\n1,q,0.5,train\n2,no, quotes,0.5,train\n");
    assertFails("o.csv line 3", "5 fields where the header has 4", "quote texts");
  }

  @Test
  void shouldNameTheCsvFieldOfABadCost() throws IOException {
    write("o.csv", "id,question,a,a|total_cost,split\n1,q,0.5,$1,train\n");
    assertFails("o.csv line 2, column \"a|total_cost\"", "not a number: $1");
  }

  @Test
  void shouldRefuseANegativeCostInACsvFile() throws IOException {
    write("o.csv", "id,question,a,a|total_cost,split\n1,q,0.5,0,train\n2,r,0.5,-5,train\n");
    assertFails("o.csv line 3, column \"a|total_cost\"", "is negative: -5.0", "leave it blank");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "'costs': {'a': -5}; costs.a; is negative: -5.0",
        "'costs': {'a': true}; costs.a; is not a number: true",
        "'costs': {'a': 1e999}; costs.a; is not a number",
        "'tokens': {'a': {'input': -1, 'output': 2}}; tokens.a.input; is negative: -1.0",
        "'tokens': {'a': {'input': 1, 'output': -2}}; tokens.a.output; is negative: -2.0",
        "'tokens': {'a': {'input': 1}}; tokens.a.output; is missing",
      })
  void shouldRefuseWhatNoAnswerCanHaveTaken(String taken, String field, String problem)
      throws IOException {
    write(
        "o.jsonl",
        line("train/1", "q", "{\"a\": 1}")
            + line("train/2", "r", "{\"a\": 1}, " + taken.replace('\'', '"')));
    write("prices.json", "{\"a\": {\"inputPrice\": 1, \"outputPrice\": 1}}");
    assertFails("o.jsonl line 2, field \"" + field + "\"", problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e999", "\"free\""})
  void shouldRefuseAPriceThatIsNone(String price) throws IOException {
    write("o.jsonl", line("train/1", "q", "{\"a\": 1}"));
    write("prices.json", "{\"a\": {\"inputPrice\": %s, \"outputPrice\": 1}}".formatted(price));
    assertFails("prices.json", "llm \"a\" has inputPrice", "USD per 1M tokens");
  }

  @Test
  void shouldRefuseCsvWithoutQueryColumn() throws IOException {
    write("o.csv", "id,text,a\n1,q,0.5\n");
    assertFails("o.csv line 1", "no column \"prompt\"");
  }

  @Test
  void shouldNameTheLlmWithoutPrice() throws IOException {
    write("o.jsonl", line("train/1", "q", "{\"mixtral\": 1}"));
    write("prices.json", "{\"mixtral\": {\"outputPrice\": 1}}");
    assertFails("prices.json", "llm \"mixtral\" has no inputPrice (USD per 1M tokens)");
  }

  @Test
  void shouldRefuseUnknownScoringRules() throws IOException {
    write("train/t.json", "[{\"question\": \"q\", \"scores\": {\"a\": 1}}]");
    write("scoring.json", "{\"t\": \"best\"}");
    assertFails("scoring.json, field \"t\"", "unknown scoring rule \"best\"", "\"positive\"");
  }

  @Test
  void shouldExplainTheLayoutsWhenNothingIsFound() {
    assertFails("holds no outcome data", "RouterDC", "*.jsonl", "RouterBench");
  }

  @Test
  void shouldRefuseDataWithoutTrainingQueries() throws IOException {
    write("o.jsonl", line("test/1", "q", "{\"a\": 1}"));
    assertFails("has no training queries");
  }

  private void assertFails(String... messageParts) {
    assertThatThrownBy(() -> OutcomeDatasets.read(dir))
        .isInstanceOf(OutcomeDataException.class)
        .hasMessageContainingAll(messageParts);
  }

  private static String line(String id, String question, String scores) {
    return "{\"id\": \"%s\", \"dataset\": \"d\", \"question\": \"%s\", \"scores\": %s}\n"
        .formatted(id, question, scores);
  }

  private void write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
