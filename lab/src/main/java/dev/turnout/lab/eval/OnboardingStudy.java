package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.encoder.EncoderId;
import dev.turnout.model.RouterModel;
import dev.turnout.train.Onboarding;
import dev.turnout.train.Progress;
import dev.turnout.train.Recipe;
import dev.turnout.train.TrainingSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes one LLM out, trains without it, and puts it back from a few probes that cover the training
 * queries. The left-out row beside it tells how much of the quality is the other LLMs' doing.
 */
public final class OnboardingStudy {
  /** Numbers of probes tried. */
  public static final List<Integer> PROBES = List.of(25, 50, 100);

  private final EncodedSplits splits;
  private final EncoderId encoder;
  private final Recipe recipe;
  private final List<Long> seeds;
  private final Progress progress;

  /** A study with one run a seed. */
  public OnboardingStudy(
      EncodedSplits splits, EncoderId encoder, Recipe recipe, List<Long> seeds, Progress progress) {
    this.splits = splits;
    this.encoder = encoder;
    this.recipe = recipe;
    this.seeds = List.copyOf(seeds);
    this.progress = progress;
  }

  /**
   * Every number of probes for one LLM.
   *
   * @param full ID average of the router that was trained with all LLMs, percent
   */
  public List<OnboardingRow> of(String llm, double full) {
    int column = splits.train().llms().indexOf(llm);
    if (column < 0) {
      throw new IllegalArgumentException(
          "LLM \"" + llm + "\" is not among " + splits.train().llms());
    }
    TrainingSet all = splits.trainingSet();
    int[] others = IntStream.range(0, all.llms().size()).filter(t -> t != column).toArray();
    TrainingSet without =
        new TrainingSet(
            IntStream.of(others).mapToObj(all.llms()::get).toList(),
            all.embeddings(),
            columns(all.rewards(), others),
            all.group(),
            all.weights());
    double leftOut = 0;
    double[] back = new double[PROBES.size()];
    for (int s = 0; s < seeds.size(); s++) {
      progress.report("onboarding " + llm, (double) s / seeds.size());
      RouterModel trained = recipe.train(without, encoder, seeds.get(s), Progress.silent());
      leftOut += idAverage(trained) / seeds.size();
      for (int p = 0; p < back.length; p++) {
        int[] probes = Onboarding.chooseProbes(all.embeddings(), PROBES.get(p), seeds.get(s));
        TrainingSet probed = all.subset(probes);
        float[] grades = new float[probes.length];
        for (int i = 0; i < grades.length; i++) {
          grades[i] = probed.rewards()[i][column];
        }
        RouterModel placed =
            Onboarding.place(
                trained, llm, probed.embeddings(), grades, columns(probed.rewards(), others));
        back[p] += idAverage(placed) / seeds.size();
      }
    }
    List<OnboardingRow> rows = new ArrayList<>();
    for (int p = 0; p < back.length; p++) {
      rows.add(new OnboardingRow(llm, PROBES.get(p), back[p], leftOut, full));
    }
    return rows;
  }

  /** Number of probes to the share of the full average that returns, mean over the LLMs. */
  public static Map<Integer, Double> recoveredByProbes(List<OnboardingRow> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                OnboardingRow::probes,
                TreeMap::new,
                Collectors.averagingDouble(OnboardingRow::recovered)));
  }

  private double idAverage(RouterModel model) {
    EncodedQueries test = splits.test();
    int[] column = model.llms().stream().mapToInt(test.llms()::indexOf).toArray();
    double[][] cosines = ScoredQueries.of(model, test.embeddings()).cosines();
    double[] rewards = new double[cosines.length];
    for (int i = 0; i < rewards.length; i++) {
      rewards[i] = test.queries().get(i).rewards()[column[Choices.highest(cosines[i])]];
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
