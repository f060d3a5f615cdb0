package dev.turnout.lab.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A replay through the real topics of an embedded broker. */
@Timeout(180)
class ReplayCommandIT {

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  /** Two tasks, each of which one LLM solves and another never; a third one is middling at both. */
  private Path outcomes() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String split : List.of("train", "test", "ood")) {
      for (int i = 0; i < 40; i++) {
        boolean sums = i % 2 == 0;
        lines.add(
            String.format(
                Locale.ROOT,
                "{\"id\": \"%s/%d\", \"dataset\": \"%s\", \"question\": \"%s %s %d\","
                    + " \"scores\": {\"counter\": %d, \"poet\": %d, \"middling\": 0.6}}",
                split,
                i,
                sums ? "sums" : "rhymes",
                sums ? "What is the sum of these apples and" : "Write a verse on the moon and",
                split,
                i,
                sums ? 1 : 0,
                sums ? 0 : 1));
      }
    }
    Path folder = Files.createDirectory(directory.resolve("outcomes"));
    Files.write(folder.resolve("all.jsonl"), lines);
    return folder;
  }

  @Test
  void shouldPlayRecordedOutcomesAndReportWhatWasLearnt() throws Exception {
    // given
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    Path report = directory.resolve("report");

    // when
    int code =
        Turnout.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(
                "replay",
                "--data",
                outcomes().toString(),
                "--queries",
                "300",
                "--report",
                report.toString(),
                "--json");

    // then every query was decided
    assertThat(code).as(out.toString() + err).isZero();
    List<String> lines = out.toString().lines().toList();
    JsonNode json = new ObjectMapper().readTree(lines.get(lines.size() - 1));
    assertThat(json.get("lost").asInt(-1)).isZero();
    // and the baselines are those of the recorded scores
    assertThat(json.at("/baselines/best_single").asDouble()).isCloseTo(60, within(1e-6));
    assertThat(json.at("/baselines/best_per_task").asDouble()).isCloseTo(100, within(1e-6));
    assertThat(json.at("/baselines/random").asDouble()).isCloseTo(160 / 3.0, within(1e-6));
    assertThat(json.at("/baselines/oracle").asDouble()).isCloseTo(100, within(1e-6));
    // and what was earned and learnt is told in percent
    for (String figure : List.of("mean_reward", "final_id", "final_ood")) {
      assertThat(json.get(figure).asDouble(-1)).as(figure).isBetween(1.0, 100.0);
    }
    // 300 grades are too few for a candidate
    assertThat(json.get("promotions").asInt(-1)).isZero();
    assertThat(json.get("rejections").asInt(-1)).isZero();
    for (String estimator : List.of("ips", "snips", "dr")) {
      JsonNode accuracy = json.at("/estimators/" + estimator);
      assertThat(accuracy.get("mean_absolute_error").asDouble(-1)).as(estimator).isNotNegative();
      assertThat(accuracy.get("covered").asDouble(-1)).as(estimator).isBetween(0.0, 1.0);
    }
    assertThat(json.get("scenario").isObject()).isTrue();
    assertThat(json.get("scenario")).as("nothing went wrong").isEmpty();
    assertThat(json.get("seeds")).hasSize(1);
    // and the page names what the router is held against
    assertThat(Files.readString(report.resolve("replay.html")))
        .contains("best single", "best per task", "random", "oracle", "<svg");
  }
}
