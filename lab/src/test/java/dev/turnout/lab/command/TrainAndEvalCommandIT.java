package dev.turnout.lab.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.turnout.app.Turnout;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.model.RouterModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TrainAndEvalCommandIT {
  @TempDir Path dir;

  @BeforeEach
  void outcomes() throws IOException {
    Files.createDirectories(dir.resolve("data"));
    Files.writeString(dir.resolve("data/outcomes.jsonl"), outcomesOfTwoDomains());
    Files.writeString(
        dir.resolve("data/prices.json"),
        "{\"maths\": {\"inputPrice\": 2, \"outputPrice\": 2}, \"prose\": {\"inputPrice\": 1, \"outputPrice\": 1}}");
  }

  @Test
  void shouldTrainAModelFile() throws IOException {
    // when
    Run run =
        run(
            "train",
            "--data",
            data(),
            "--out",
            dir.resolve("m/router.model").toString(),
            "--no-cache",
            "--json");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    RouterModel model = RouterModel.fromBytes(Files.readAllBytes(dir.resolve("m/router.model")));
    assertThat(model.llms()).containsExactly("maths", "prose");
    JsonNode json = run.lastLine();
    assertThat(json.path("digest").asText()).isEqualTo(model.digest());
    assertThat(json.path("queries").asInt()).isEqualTo(200);
  }

  @Test
  void shouldFineTuneTheEncoderBesideTheModel() throws IOException {
    // when
    Path out = dir.resolve("tuned.model");
    Run run =
        run(
            "train",
            "--data",
            data(),
            "--out",
            out.toString(),
            "--no-cache",
            "--json",
            "--recipe",
            "paper",
            "--fine-tune",
            "--steps",
            "1",
            "--batch",
            "2");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    Path file = dir.resolve("tuned.model.encoder");
    assertThat(run.lastLine().path("fine_tuned_encoder").asText()).isEqualTo(file.toString());
    RouterModel model = RouterModel.fromBytes(Files.readAllBytes(out));
    try (QueryEncoder encoder =
        Encoders.open(EncoderSettings.builder().fineTuned(file.toString()).build())) {
      assertThat(model.requireEncoder(encoder.id())).isSameAs(model);
    }

    // when the model is judged with the encoder beside it
    Run judged = run("eval", "--data", data(), "--no-cache", "--json", "--model", out.toString());

    // then
    assertThat(judged.code()).as(judged.err()).isZero();
    JsonNode routers = judged.lastLine().path("routers");
    assertThat(routers.fieldNames())
        .toIterable()
        .containsExactly(
            "models", "turnout on their vectors", "best_single", "best_per_task", "oracle");
    assertThat(routers.at("/models/id_by_model")).hasSize(1);
    assertThat(routers.at("/models/id").asDouble())
        .isBetween(0.0, routers.at("/oracle/id").asDouble());
    assertThat(judged.lastLine().at("/id_differences/oracle/difference").asDouble())
        .isCloseTo(
            routers.at("/models/id").asDouble() - routers.at("/oracle/id").asDouble(),
            within(1e-9));
  }

  @Test
  void shouldRefuseAModelOfAnotherEncoder() {
    // given
    Path out = dir.resolve("static.model");
    assertThat(run("train", "--data", data(), "--out", out.toString(), "--no-cache").code())
        .isZero();

    // when
    Run run =
        run(
            "eval",
            "--data",
            data(),
            "--encoder",
            "transformer",
            "--no-cache",
            "--model",
            out.toString());

    // then
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("static.model was trained on the encoder ", "--encoder");
  }

  @Test
  void shouldRefuseFineTuningByAnotherRecipe() {
    Run run = run("train", "--data", data(), "--out", "x", "--fine-tune");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("--fine-tune", "--recipe paper");
  }

  @Test
  void shouldRefuseARateThatIsNone() {
    Run run = run("eval", "--data", data(), "--guard", "--min-success", "0.9,1.7");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("--min-success 1.7 is no rate; give shares between 0 and 1");
  }

  @Test
  void shouldReportHowConversationsAreRouted() throws IOException {
    // when
    Run run = run("eval", "--data", data(), "--no-cache", "--json", "--conversations");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = run.lastLine();
    assertThat(json.path("follow_ups").asDouble()).isBetween(0.9, 1.0);
    assertThat(json.path("new_questions").asDouble()).isBetween(0.9, 1.0);
    assertThat(json.at("/held_out/router/follow_ups_by_language").fieldNames())
        .toIterable()
        .contains("de", "en", "fr", "zh");
    assertThat(json.at("/held_out/last_message/new_questions").asDouble()).isEqualTo(1);
    assertThat(json.path("held_out").fieldNames())
        .toIterable()
        .containsExactly("router", "last_message", "whole_conversation", "user_turns");
  }

  @Test
  void shouldReportEveryPromisedFigure() throws IOException {
    // when
    Run run =
        run(
            "eval",
            "--data",
            data(),
            "--no-cache",
            "--json",
            "--seeds",
            "2",
            "--baselines",
            "essential",
            "--onboard",
            "maths",
            "--report",
            dir.resolve("report").toString());

    // then
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode json = run.lastLine();
    assertThat(json.path("id_avg").asDouble()).isGreaterThan(80);
    assertThat(json.path("ood_avg").isNull()).isTrue();
    assertThat(json.path("tasks").fieldNames()).toIterable().containsExactly("mixed");
    assertThat(json.path("baselines").fieldNames())
        .toIterable()
        .contains("best_single", "knn", "cells", "random", "oracle");
    assertThat(json.at("/baselines/oracle/id_avg").asDouble())
        .isGreaterThanOrEqualTo(json.path("id_avg").asDouble());
    assertThat(json.at("/baselines/oracle/ood_avg").isNull()).isTrue();
    assertThat(json.path("train_seconds").asDouble()).isPositive();
    assertThat(json.path("ece").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.path("guard_auroc").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.at("/cost/aiq/turnout").asDouble()).isPositive();
    assertThat(json.at("/onboarding/50").asDouble()).isPositive();
    assertThat(run.out()).contains("Accuracy in percent", "best_single", "against");
    assertThat(dir.resolve("report/report.html"))
        .content()
        .contains("<svg", "Embedding map", "Learning curve", "Cost and quality", "Calibration")
        .doesNotContain("src=\"http", "href=\"http");
  }

  @Test
  void shouldTakeTheRecipesApart() throws IOException {
    // when
    Run run =
        run(
            "eval",
            "--data",
            data(),
            "--no-cache",
            "--json",
            "--seeds",
            "1",
            "--baselines",
            "essential",
            "--ablate",
            "--steps",
            "5");

    // then
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode ablations = run.lastLine().path("ablations");
    assertThat(ablations.fieldNames())
        .toIterable()
        .contains(
            "turnout without cells",
            "paper without sample-LLM loss",
            "paper without sample-sample loss",
            "paper with temperature 0.1",
            "paper with 3 groups",
            "turnout on the encoder transformer",
            "turnout on the encoder hybrid")
        .doesNotContain("turnout on the encoder static");
    assertThat(ablations.at("/turnout on the encoder transformer/id_avg").asDouble())
        .isGreaterThan(80);
    assertThat(run.out()).contains("Learning curve", "Ablations");
  }

  @Test
  void shouldNameFileLineAndRemedyOfBadData() throws IOException {
    // given
    Files.writeString(dir.resolve("data/outcomes.jsonl"), "{\"id\": \"train/1\"}\n");

    // when
    Run run = run("eval", "--data", data());

    // then
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("outcomes.jsonl line 1", "\"dataset\"", "is missing");
  }

  @Test
  void shouldListTheRecipesWhenOneIsUnknown() {
    Run run = run("train", "--data", data(), "--out", "x", "--recipe", "magic");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("magic", "turnout", "paper");
  }

  private String data() {
    return dir.resolve("data").toString();
  }

  private static String outcomesOfTwoDomains() {
    Random random = new Random(1);
    String[] sums = {"add the numbers", "solve the equation for x", "what is the product of"};
    String[] texts = {
      "write a poem about autumn", "tell a story of a fox", "describe the old town"
    };
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 300; i++) {
      boolean maths = i % 2 == 0;
      String text = (maths ? sums : texts)[random.nextInt(3)] + " number " + i;
      double right = random.nextDouble() < 0.95 ? 1 : 0;
      double wrong = random.nextDouble() < 0.1 ? 1 : 0;
      lines.append(
          "{\"id\": \"%s/%d\", \"dataset\": \"mixed\", \"question\": \"%s\", \"scores\": {\"maths\": %s, \"prose\": %s}}\n"
              .formatted(
                  i < 200 ? "train" : "test",
                  i,
                  text,
                  maths ? right : wrong,
                  maths ? wrong : right));
    }
    return lines.toString();
  }

  private record Run(int code, String out, String err) {
    JsonNode lastLine() throws IOException {
      String[] lines = out.strip().split("\\R");
      return new ObjectMapper().readTree(lines[lines.length - 1]);
    }
  }

  private static Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line = Turnout.commandLine();
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int code = line.execute(args);
    return new Run(code, out.toString(), err.toString());
  }
}
