package dev.turnout.lab.eval;

import dev.turnout.app.data.EncodedQueries;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up one router's seeds. */
final class RouterTally {
  private final EncodedSplits splits;
  private final List<Double> idBySeed = new ArrayList<>();
  private final List<Double> oodBySeed = new ArrayList<>();
  private final double[] idRewards;
  private final double[] oodRewards;
  private final double[] shares;
  private double graded;
  private double seconds;

  RouterTally(EncodedSplits splits) {
    this.splits = splits;
    this.idRewards = new double[splits.test().size()];
    this.oodRewards = new double[splits.ood().size()];
    this.shares = new double[splits.test().llms().size()];
  }

  /** Counts one seed's choices. */
  void add(double[][] idPropensities, double[][] oodPropensities, double fitSeconds) {
    idBySeed.add(add(splits.test(), idPropensities, idRewards));
    oodBySeed.add(add(splits.ood(), oodPropensities, oodRewards));
    double[] seedShares = Choices.shares(idPropensities, shares.length);
    for (int t = 0; t < shares.length; t++) {
      shares[t] += seedShares[t];
    }
    int queries = splits.test().size() + splits.ood().size();
    graded +=
        (Choices.graded(splits.test(), idPropensities)
                + Choices.graded(splits.ood(), oodPropensities))
            / Math.max(1, queries);
    seconds += fitSeconds;
  }

  RouterResult result(String name, String description, boolean hindsight) {
    int seeds = idBySeed.size();
    double[] id = divided(idRewards, seeds);
    double[] ood = divided(oodRewards, seeds);
    TaskAccuracies idTasks = TaskAccuracies.of(splits.test(), id);
    TaskAccuracies oodTasks = TaskAccuracies.of(splits.ood(), ood);
    Map<String, Double> tasks = new LinkedHashMap<>(idTasks.tasks());
    oodTasks
        .tasks()
        .forEach(
            (task, accuracy) ->
                tasks.put(tasks.containsKey(task) ? task + " (ood)" : task, accuracy));
    Map<String, Double> byLlm = new LinkedHashMap<>();
    for (int t = 0; t < shares.length; t++) {
      byLlm.put(splits.test().llms().get(t), shares[t] / seeds);
    }
    return new RouterResult(
        name,
        description,
        hindsight,
        tasks,
        mean(idBySeed),
        mean(oodBySeed),
        List.copyOf(idBySeed),
        List.copyOf(oodBySeed),
        id,
        ood,
        byLlm,
        graded / seeds,
        seconds / seeds);
  }

  private static double add(EncodedQueries queries, double[][] propensities, double[] sums) {
    double[] rewards = Choices.rewards(queries, propensities);
    for (int i = 0; i < sums.length; i++) {
      sums[i] += rewards[i];
    }
    return TaskAccuracies.of(queries, rewards).average();
  }

  private static double[] divided(double[] sums, int by) {
    double[] means = new double[sums.length];
    for (int i = 0; i < means.length; i++) {
      means[i] = sums[i] / by;
    }
    return means;
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(d -> d).average().orElse(Double.NaN);
  }
}
