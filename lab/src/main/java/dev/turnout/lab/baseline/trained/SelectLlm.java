package dev.turnout.lab.baseline.trained;

import static dev.turnout.lab.baseline.Baseline.Trait.SEEDED;

import dev.turnout.app.data.EncodedQueries;
import dev.turnout.lab.baseline.Baseline;
import dev.turnout.lab.baseline.FittedBaseline;
import dev.turnout.lab.baseline.Rewards;
import dev.turnout.policy.Candidate;
import dev.turnout.policy.Policies;
import dev.turnout.policy.SelectionPolicy;
import dev.turnout.policy.SelectionRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Stream;

/**
 * SelectLLM (Maurya et al. 2024): a classifier predicts which LLMs succeed, a policy selects among
 * them.
 */
public final class SelectLlm {
  private SelectLlm() {}

  /** A classifier with each of SelectLLM's policies. */
  public static List<Baseline> by(SuccessClassifier classifier) {
    return Stream.of("argmax", "random", "prediction", "sorted")
        .map(policy -> by(classifier, policy))
        .toList();
  }

  private static Baseline by(SuccessClassifier classifier, String name) {
    SelectionPolicy policy = Policies.named("selectllm-" + name);
    return new Baseline(
        classifier.name() + "_" + name,
        classifier.description() + " with the policy " + policy.name(),
        (train, seed) -> fit(classifier, policy, train, seed),
        SEEDED);
  }

  private static FittedBaseline fit(
      SuccessClassifier classifier, SelectionPolicy policy, EncodedQueries train, long seed) {
    FittedBaseline fitted = classifier.fit(train, seed);
    double[] overall = Rewards.taskMeans(train);
    return new FittedBaseline() {
      @Override
      public double[][] scores(EncodedQueries queries) {
        return fitted.scores(queries);
      }

      @Override
      public double[][] propensities(EncodedQueries queries) {
        RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
        double[][] scores = fitted.scores(queries);
        double[][] propensities = new double[scores.length][];
        for (int i = 0; i < scores.length; i++) {
          propensities[i] =
              policy.select(request(queries.llms(), scores[i], overall), random).propensities();
        }
        return propensities;
      }
    };
  }

  private static SelectionRequest request(List<String> llms, double[] success, double[] overall) {
    List<Candidate> candidates = new ArrayList<>();
    for (int t = 0; t < success.length; t++) {
      candidates.add(
          new Candidate(
              llms.get(t),
              success[t],
              success[t],
              success[t],
              0,
              overall[t],
              Double.NaN,
              Double.NaN,
              null));
    }
    return new SelectionRequest(candidates, 0, 0, false, false);
  }
}
