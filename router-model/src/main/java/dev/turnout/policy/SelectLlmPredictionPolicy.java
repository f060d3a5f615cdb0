package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The LLM whose confidence is nearest to the predicted confidence of a right LLM: policies
 * "Prediction" and "Sorted Prediction" of Srivatsa, Maurya and Kochmar, "Harnessing the Power of
 * Multiple Minds" (2024); they differ in the target.
 */
public final class SelectLlmPredictionPolicy implements SelectionPolicy {
  private final String name;
  private final ConfidenceTarget target;

  /**
   * A policy that aims at a target.
   *
   * @param name for decisions, e.g. {@code selectllm-prediction}
   */
  public SelectLlmPredictionPolicy(String name, ConfidenceTarget target) {
    this.name = name;
    this.target = target;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    double aim = target.of(candidates.stream().filter(Candidate::eligible).toList());
    List<Integer> order =
        Ranking.by(candidates, i -> -Math.abs(candidates.get(i).predictedSuccess() - aim));
    return Selection.best(candidates, order, "nearest to the expected confidence of a right LLM");
  }
}
