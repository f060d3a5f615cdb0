package dev.turnout.app.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.app.data.OutcomeDataException;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.origin.FileOrigin;
import dev.turnout.app.data.origin.SplitOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeCsvTest {
  @TempDir Path dir;

  @Test
  void shouldReadRouterBenchWithItsNamelessIndexAndTheSplitOfTheFilesName() throws IOException {
    // given
    String header =
        ",sample_id,prompt,eval_name,gpt,mix,gpt|model_response,mix|model_response,"
            + "gpt|total_cost,mix|total_cost,oracle_model_to_route_to\n";
    write(
        "sums_train.csv",
        header + "7,s.1,\"['It\\'s 1 + 1?\\nA) 2']\",sums,1.0,,['A'],['B\\n'],0.002,0.0001,gpt\n");
    write(
        "sums_test.csv",
        header + "8,s.2,\"['2 + 2?']\",sums,0.0,1.0,['A'],['4'],0.002,0.0001,mix\n");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.llms()).containsExactly("gpt", "mix");
    QueryOutcomes train = dataset.split(Split.TRAIN).get(0);
    assertThat(train.question()).isEqualTo("It's 1 + 1?\nA) 2");
    assertThat(train.rewards()).containsExactly(1, Double.NaN);
    assertThat(train.costsUsd()).containsExactly(0.002, 0.0001);
    assertThat(train.answers()).containsExactly("A", "B\n");
    assertThat(dataset.split(Split.TEST))
        .extracting(QueryOutcomes::dataset)
        .containsExactly("sums");
    assertThat(dataset.origin().files())
        .containsExactly(
            new FileOrigin("sums_test.csv", "RouterBench CSV", 1, SplitOrigin.FILE_NAME),
            new FileOrigin("sums_train.csv", "RouterBench CSV", 1, SplitOrigin.FILE_NAME));
  }

  @Test
  void shouldReadRouteLlmWithTruthValuesAndTakeResponsesForNoLlms() throws IOException {
    // given
    write("gsm8k_responses.csv", "prompt,gpt,mix,gpt_response,mix_response\nq,True,False,8,7\n");

    // when
    OutcomeDataset dataset = OutcomeDatasets.inspect(dir);

    // then
    assertThat(dataset.llms()).containsExactly("gpt", "mix");
    QueryOutcomes query = dataset.queries().get(0);
    assertThat(query.dataset()).isEqualTo("gsm8k");
    assertThat(query.rewards()).containsExactly(1, 0);
    assertThat(query.answers()).containsExactly("8", "7");
    assertThat(dataset.origin().withoutSplit()).isTrue();
  }

  @Test
  void shouldTakeTheSplitOfTheTasksName() throws IOException {
    // given
    write("all.csv", "prompt,eval_name,gpt\np,sums_train,1\nq,sums_test,0\nr,sums_ood,0\n");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.queries())
        .extracting(QueryOutcomes::split)
        .containsExactly(Split.TRAIN, Split.TEST, Split.OOD);
    assertThat(dataset.queries()).extracting(QueryOutcomes::dataset).containsOnly("sums");
  }

  @Test
  void shouldKeepEqualQuestionsInOneSplit() throws IOException {
    // given
    StringBuilder csv = new StringBuilder("prompt,gpt\n");
    for (int i = 0; i < 200; i++) {
      csv.append("what  is ").append(i).append(",1\nwhat is ").append(i).append(",0\n");
    }
    write("own.csv", csv.toString());

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.queries()).hasSize(400);
    assertThat(dataset.split(Split.TEST)).hasSizeBetween(40, 160);
    assertThat(dataset.origin().warnings()).isEmpty();
  }

  @Test
  void shouldLeaveOutColumnsWithoutScoresAndSaySo() throws IOException {
    // given
    write("own_train.csv", "Unnamed: 0,prompt,subject,gpt\n0,q,algebra,1\n1,p,geometry,\n");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.llms()).containsExactly("gpt");
    assertThat(dataset.origin().warnings())
        .singleElement()
        .asString()
        .contains("own_train.csv", "[subject]", "no LLMs");
  }

  @Test
  void shouldNameTheLineOnWhichABadRowBegins() throws IOException {
    write("own.csv", "prompt,gpt,mix\n\"two\nlines\",1,0\n\"two\nmore\",1,good\nr,1,0\n");

    assertThatThrownBy(() -> OutcomeDatasets.read(dir))
        .isInstanceOf(OutcomeDataException.class)
        .hasMessageContainingAll(
            "own.csv line 4, column \"mix\"", "not a number: good", "leave it blank");
  }

  @Test
  void shouldRefuseTwoColumnsOfOneName() throws IOException {
    write("own.csv", "prompt,gpt,gpt\nq,1,0\n");

    assertThatThrownBy(() -> OutcomeDatasets.read(dir))
        .isInstanceOf(OutcomeDataException.class)
        .hasMessageContainingAll("own.csv", "gpt", "distinct names");
  }

  @Test
  void shouldUndoWhatPythonPrints() {
    assertThat(
            List.of(
                "['a\\n\\'b\\' \\\\ \\t\\x41\\u00e9']", "[\"it's\"]", "['x', 'x']", "['x', \"y\"]"))
        .extracting(PythonText::unwrapped)
        .containsExactly("a\n'b' \\ \tA\u00e9", "it's", "x", "x\ny");
  }

  @Test
  void shouldLeaveWhatIsNoPrintedListAsItIs() {
    assertThat(List.of("plain", "[1, 2]", "['open]", "['a'] and ['b']", "[]", "['\\u12']"))
        .extracting(PythonText::unwrapped)
        .containsExactly("plain", "[1, 2]", "['open]", "['a'] and ['b']", "[]", "['\\u12']");
  }

  @Test
  void shouldWarnOfRouterDcTasksWhoseScoringIsNotKnown() throws IOException {
    // given
    write("train/riddles_train.json", "[{\"question\": \"q\", \"scores\": {\"a\": 0.2}}]");
    write("train/mmlu_train.json", "[{\"question\": \"p\", \"scores\": {\"a\": 0.2}}]");

    // when
    OutcomeDataset dataset = OutcomeDatasets.read(dir);

    // then
    assertThat(dataset.origin().warnings())
        .singleElement()
        .asString()
        .contains("riddles_train.json", "\"riddles\"", "scoring.json");
  }

  private void write(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
