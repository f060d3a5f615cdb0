package dev.turnout.lab.eval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.app.data.OutcomeDataset;
import dev.turnout.app.data.QueryOutcomes;
import dev.turnout.app.data.Split;
import dev.turnout.app.data.read.OutcomeDatasets;
import dev.turnout.encoder.EncoderSettings;
import dev.turnout.encoder.Encoders;
import dev.turnout.encoder.QueryEncoder;
import dev.turnout.lab.baseline.ConstantChoice;
import dev.turnout.lab.baseline.Hindsight;
import dev.turnout.lab.baseline.neighbour.Cells;
import dev.turnout.lab.baseline.neighbour.Knn;
import dev.turnout.lab.eval.measure.Nonsense;
import dev.turnout.lab.eval.measure.PairedBootstrap;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipes;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The published data: rows that must come out exactly, and the figures the recipe must reach. */
class EvaluationIT {
  private static EncodedSplits splits;
  private static Evaluation evaluation;

  @BeforeAll
  static void encode() {
    OutcomeDataset dataset = OutcomeDatasets.read(SharedData.folder("routerdc"));
    try (QueryEncoder encoder = Encoders.open(EncoderSettings.staticEncoder())) {
      splits =
          new EncodedSplits(
              encoded(dataset, Split.TRAIN, encoder),
              encoded(dataset, Split.TEST, encoder),
              encoded(dataset, Split.OOD, encoder),
              nonsense(texts(dataset, true), encoder),
              nonsense(texts(dataset, false), encoder));
      evaluation =
          new Evaluation(
              splits, encoder.id(), List.of(0L, 1L), System::nanoTime, Progress.silent());
    }
  }

  private static EncodedTexts nonsense(List<String> texts, QueryEncoder encoder) {
    return new EncodedTexts(texts, encoder.encode(texts));
  }

  @Test
  void shouldReproduceTheSingleLlmRowsExactly() {
    RouterResult dolphin =
        evaluation.baseline(ConstantChoice.of("cognitivecomputations/dolphin-2.9-llama3-8b"));
    assertThat(dolphin.idAverage()).isCloseTo(54.56, within(0.005));
    assertThat(dolphin.oodAverage()).isCloseTo(43.95, within(0.005));
    RouterResult best = evaluation.baseline(ConstantChoice.BEST_SINGLE);
    assertThat(best.idAverage()).isEqualTo(dolphin.idAverage());
    assertThat(best.oodAverage()).isEqualTo(dolphin.oodAverage());
  }

  @Test
  void shouldReproduceTheBoundsExactly() {
    RouterResult oracle = evaluation.baseline(Hindsight.ORACLE);
    assertThat(oracle.idAverage()).isCloseTo(77.52, within(0.005));
    assertThat(oracle.oodAverage()).isCloseTo(70.34, within(0.005));
    RouterResult perTask = evaluation.baseline(Hindsight.BEST_PER_TASK);
    assertThat(perTask.idAverage()).isCloseTo(58.70, within(0.005));
    assertThat(perTask.oodAverage()).isCloseTo(46.36, within(0.005));
  }

  @Test
  void shouldRouteBetterThanAnySingleLlm() {
    Evaluation.Trained trained = evaluation.recipe("turnout", Recipes.named("turnout"));
    RouterResult single = evaluation.baseline(ConstantChoice.BEST_SINGLE);
    RouterResult turnout = trained.result();

    assertThat(turnout.idAverage()).isGreaterThan(57.5);
    assertThat(turnout.oodAverage()).isGreaterThan(45);
    assertThat(
            PairedBootstrap.difference(
                    splits.test(), turnout.idRewards(), single.idRewards(), 1000, 1)
                .positive())
        .isTrue();
    assertThat(evaluation.calibrationError(trained.models())).isLessThanOrEqualTo(0.05);
    assertThat(evaluation.decisionTime(trained.models().get(0)).p99Micros()).isLessThan(1000);
  }

  @Test
  void shouldFitTheStrongBaselinesAsTheReferenceDoes() {
    assertThat(evaluation.baseline(Cells.BASELINE).idAverage()).isBetween(56.5, 59.5);
    assertThat(evaluation.baseline(Knn.BASELINE).idAverage()).isBetween(55.5, 58.5);
  }

  private static EncodedQueries encoded(OutcomeDataset dataset, Split split, QueryEncoder encoder) {
    List<QueryOutcomes> queries = dataset.split(split);
    return new EncodedQueries(
        dataset.llms(),
        queries,
        encoder.encode(queries.stream().map(QueryOutcomes::question).toList()));
  }

  private static List<String> texts(OutcomeDataset dataset, boolean words) {
    List<String> texts = dataset.split(Split.TEST).stream().map(QueryOutcomes::question).toList();
    return words ? Nonsense.shuffledWords(texts, 1) : Nonsense.shuffledLetters(texts, 1);
  }
}
