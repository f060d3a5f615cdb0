package dev.turnout.train.cost;

import dev.turnout.belief.GradedSample;
import dev.turnout.encoder.surface.QuerySurface;
import dev.turnout.model.RouterModel;
import dev.turnout.model.RouterScorer;
import dev.turnout.model.cost.CellAmounts;
import dev.turnout.model.cost.CostHead;
import dev.turnout.train.RecordedAnswers;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** What answers took, learnt in the cells of a model. */
public final class CostTraining {
  private record AnswerOf(String queryId, String llm) {}

  private CostTraining() {}

  /**
   * Learns from data in which the costs of all LLMs may be recorded.
   *
   * @param model whose cells and LLMs count; it knows the LLMs of the data in their order
   * @return null when nothing is recorded
   */
  public static @Nullable CostHead recorded(RouterModel model, TrainingSet data) {
    List<RecordedAnswers> recorded = data.answers();
    if (recorded == null) {
      return null;
    }
    RouterScorer scorer = new RouterScorer(model);
    List<QuerySurface> surfaces = data.surfaces();
    List<MeasuredAnswer> costs = new ArrayList<>();
    List<MeasuredAnswer> lengths = new ArrayList<>();
    for (int i = 0; i < recorded.size(); i++) {
      RecordedAnswers answers = recorded.get(i);
      int[] cells = scorer.score(data.embeddings()[i]).cells();
      double characters = surfaces == null ? Double.NaN : surfaces.get(i).characters();
      double weight = data.weights()[i];
      for (int t = 0; t < data.llms().size(); t++) {
        costs.add(new MeasuredAnswer(cells, t, answers.costsUsd()[t], characters, weight));
        lengths.add(new MeasuredAnswer(cells, t, answers.outputTokens()[t], characters, weight));
      }
    }
    AmountFit fit = new AmountFit(model.allCells(), model.llms().size());
    return CostHead.of(fit.priced(costs), fit.alike(lengths));
  }

  /**
   * Learns from what a router's choices took. An answer counts once however many graded it, and the
   * less the older it is.
   *
   * @param model whose cells and LLMs count
   * @param samples oldest first
   * @param halfLife samples after which an answer counts half
   * @return null when no sample tells
   */
  public static @Nullable CostHead observed(
      RouterModel model, List<GradedSample> samples, double halfLife) {
    Map<AnswerOf, Integer> latest = new LinkedHashMap<>();
    for (int i = 0; i < samples.size(); i++) {
      GradedSample sample = samples.get(i);
      boolean tells = !Double.isNaN(sample.costUsd()) || !Double.isNaN(sample.outputTokens());
      if (tells && model.llms().contains(sample.llm())) {
        latest.put(new AnswerOf(sample.queryId(), sample.llm()), i);
      }
    }
    RouterScorer scorer = new RouterScorer(model);
    List<Integer> places = List.copyOf(latest.values());
    List<int[]> cells =
        places.stream().map(i -> scorer.score(samples.get(i).embedding()).cells()).toList();
    AmountFit fit = new AmountFit(model.allCells(), model.llms().size());
    CellAmounts usd =
        fit.priced(answers(model, samples, halfLife, places, cells, GradedSample::costUsd));
    CellAmounts tokens =
        fit.alike(answers(model, samples, halfLife, places, cells, GradedSample::outputTokens));
    return CostHead.of(usd, tokens);
  }

  private static List<MeasuredAnswer> answers(
      RouterModel model,
      List<GradedSample> samples,
      double halfLife,
      List<Integer> places,
      List<int[]> cells,
      ToDoubleFunction<GradedSample> taken) {
    List<MeasuredAnswer> answers = new ArrayList<>();
    for (int k = 0; k < places.size(); k++) {
      GradedSample sample = samples.get(places.get(k));
      QuerySurface surface = sample.surface();
      answers.add(
          new MeasuredAnswer(
              cells.get(k),
              model.llms().indexOf(sample.llm()),
              taken.applyAsDouble(sample),
              surface == null ? Double.NaN : surface.characters(),
              StrictMath.pow(0.5, (samples.size() - 1 - places.get(k)) / halfLife)));
    }
    return answers;
  }
}
