package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Onboarding;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes one LLM out, trains without it, and puts it back from a few probes that cover the training
 * queries. The left-out row beside it tells how much of the quality is the other LLMs' doing.
 */
record OnboardingStudy(Evaluation evaluation, Recipe recipe) {
  /** Numbers of probes tried. */
  private static final List<Integer> PROBES = List.of(25, 50, 100);

  /**
   * Every number of probes for one LLM.
   *
   * @param full ID average of the router that was trained with all LLMs, percent
   */
  List<OnboardingRow> of(String llm, double full) {
    int column = evaluation.splits().train().llms().indexOf(llm);
    if (column < 0) {
      throw new IllegalArgumentException(
          "LLM \"" + llm + "\" is not among " + evaluation.splits().train().llms());
    }
    TrainingSet all = evaluation.splits().trainingSet();
    int[] others = IntStream.range(0, all.llms().size()).filter(t -> t != column).toArray();
    TrainingSet without =
        new TrainingSet(
            IntStream.of(others).mapToObj(all.llms()::get).toList(),
            all.embeddings(),
            columns(all.rewards(), others),
            all.group(),
            all.weights(),
            all.texts(),
            all.surfaces());
    double leftOut = 0;
    double[] back = new double[PROBES.size()];
    for (int s = 0; s < evaluation.seeds().size(); s++) {
      evaluation.progress().report("onboarding " + llm, (double) s / evaluation.seeds().size());
      RouterModel trained =
          recipe.train(without, evaluation.encoder(), evaluation.seeds().get(s), Progress.silent());
      leftOut += idAverage(trained) / evaluation.seeds().size();
      for (int p = 0; p < back.length; p++) {
        int[] probes =
            Onboarding.chooseProbes(all.embeddings(), PROBES.get(p), evaluation.seeds().get(s));
        TrainingSet probed = all.subset(probes);
        float[] grades = new float[probes.length];
        for (int i = 0; i < grades.length; i++) {
          grades[i] = probed.rewards()[i][column];
        }
        RouterModel placed =
            Onboarding.place(
                trained, llm, probed.embeddings(), grades, columns(probed.rewards(), others));
        back[p] += idAverage(placed) / evaluation.seeds().size();
      }
    }
    List<OnboardingRow> rows = new ArrayList<>();
    for (int p = 0; p < back.length; p++) {
      rows.add(new OnboardingRow(llm, PROBES.get(p), back[p], leftOut, full));
    }
    return rows;
  }

  private double idAverage(RouterModel model) {
    EncodedQueries test = evaluation.splits().test();
    int[] column = model.llms().stream().mapToInt(test.llms()::indexOf).toArray();
    double[][] cosines = ScoredQueries.of(model, test.embeddings()).cosines();
    double[] rewards = new double[cosines.length];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = test.queries().get(i).rewards()[column[Rewards.best(cosines[i])]];
    }
    return TaskAccuracies.of(test, rewards).average();
  }

  private static float[][] columns(float[][] rewards, int[] kept) {
    float[][] some = new float[rewards.length][kept.length];
    for (int i = 0; i < some.length; i++) {
      for (int t = 0; t < kept.length; t++) {
        some[i][t] = rewards[i][kept[t]];
      }
    }
    return some;
  }
}
