package dev.turnout.lab.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Held-out judging from files in the formats that RouteLLM and RouterBench publish. */
class FoldCommandIT {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir Path dir;

  @Test
  void shouldCrossValidateTwoLlmsWithoutSplitOrPrices() throws IOException {
    // given
    routeLlm();

    // when
    Run run = run("eval", "--data", dir.toString(), "--folds", "3");
    Run byTask = run("eval", "--data", dir.toString(), "--leave-task-out");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).contains("120 queries; the files have no split", "calls to strong");
    JsonNode json = run.json();
    assertThat(json.path("folds").asInt()).isEqualTo(3);
    assertThat(json.at("/apgr/value").asDouble()).isBetween(0.7, 1.0);
    for (String key : new String[] {"argmax", "aiq", "apgr", "cpt50", "cpt80"}) {
      JsonNode figure = json.path(key);
      assertThat(figure.path("value").asDouble())
          .as(key)
          .isBetween(figure.path("low").asDouble(), figure.path("high").asDouble());
    }
    assertThat(json.path("routers").fieldNames())
        .toIterable()
        .containsExactly("turnout", "task_means", "knn", "cells", "logistic", "surface");
    assertThat(json.path("coverage").asDouble()).isEqualTo(1);
    assertThat(byTask.code()).as(byTask.err()).isZero();
    assertThat(byTask.json().path("folds").asInt()).isEqualTo(2);
    assertThat(byTask.json().at("/apgr/value").isNumber()).isTrue();
  }

  @Test
  void shouldJudgeCascadesOnRecordedAnswers() throws IOException {
    // given
    routerBench();

    // when
    Run run = run("eval", "--data", dir.toString(), "--cascade", "--folds", "2");

    // then: where the cheap LLMs agree they are right
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode rows = run.json().path("rows");
    for (JsonNode row : rows) {
      if (row.path("policy").asText().equals("agreement")) {
        assertThat(row.at("/cost/value").asDouble()).isLessThan(0.9);
        assertThat(row.at("/difference/value").asDouble()).isGreaterThan(-10);
      }
    }
    assertThat(rows.findValuesAsText("policy"))
        .contains("single_shot", "predicted_success", "agreement", "grader");
  }

  @Test
  void shouldSayWhatIsUnderstoodOfDataBeforeTraining() throws IOException {
    // given
    routerBench();

    // when
    Run run = run("train", "--check", dir.toString());

    // then
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("RouterBench CSV", "by the file's name", "riddles", "there are no test queries");
    assertThat(run.json().path("queries").asInt()).isEqualTo(90);
    assertThat(run("train", "--out", "x").err()).contains("--data", "--check DIR");
  }

  @Test
  void shouldSayWhyCascadesCannotBeJudged() throws IOException {
    routeLlm();
    Run run = run("eval", "--data", dir.toString(), "--cascade");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("cascades need answers", "model_response");
  }

  /** The strong LLM is better at sums alone; a sum is told by its digits. */
  private void routeLlm() throws IOException {
    Random random = new Random(3);
    for (String task : new String[] {"first", "second"}) {
      StringBuilder csv = new StringBuilder("prompt,weak,strong\n");
      for (int i = 0; i < 60; i++) {
        boolean sum = i % 2 == 0;
        csv.append(
                sum ? "What is " + i * 13 + " plus " + i + "?" : "Who wrote the poem of " + word(i))
            .append(' ')
            .append(task)
            .append(sum ? ",False," : ",True,")
            .append(random.nextInt(10) == 0 ? "False\n" : "True\n");
      }
      Files.writeString(dir.resolve(task + ".csv"), csv.toString());
    }
  }

  private void routerBench() throws IOException {
    StringBuilder csv =
        new StringBuilder(
            ",sample_id,prompt,eval_name,big,one,two,big|model_response,one|model_response,"
                + "two|model_response,big|total_cost,one|total_cost,two|total_cost\n");
    Random random = new Random(4);
    for (int i = 0; i < 90; i++) {
      boolean right = random.nextInt(3) > 0;
      csv.append(i)
          .append(",s.")
          .append(i)
          .append(",\"['Riddle of ")
          .append(word(i))
          .append("?\\nA) yes']\",riddles,1.0,")
          .append(right ? "1.0,1.0,['A'],['A\\n'],['A)']" : "0.0,0.0,['A'],['B'],['C']")
          .append(",0.01,0.001,0.001\n");
    }
    Files.writeString(dir.resolve("riddles_train.csv"), csv.toString());
  }

  private static String word(int i) {
    return "" + (char) ('a' + i % 26) + (char) ('a' + i / 26) + "st";
  }

  private record Run(int code, String out, String err) {
    JsonNode json() throws IOException {
      return MAPPER.readTree(out.strip().lines().reduce((first, second) -> second).orElseThrow());
    }
  }

  private static Run run(String... arguments) {
    String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
    all[arguments.length] = "--json";
    all[arguments.length + 1] = "--no-cache";
    if (arguments[0].equals("eval")) {
      all = java.util.Arrays.copyOf(all, all.length + 2);
      all[all.length - 2] = "--seeds";
      all[all.length - 1] = "1";
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Turnout.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err));
    int code = line.execute(all);
    return new Run(code, out.toString(), err.toString());
  }
}
