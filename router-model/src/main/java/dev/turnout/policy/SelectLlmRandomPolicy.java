package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The most confident LLM if its confidence is above 0.6, else one of the three most confident at
 * random: policy "Random" of Srivatsa, Maurya and Kochmar, "Harnessing the Power of Multiple Minds"
 * (2024), with the threshold and the number that their evaluation uses.
 */
final class SelectLlmRandomPolicy implements SelectionPolicy {
  private static final double CONFIDENT = 0.6;
  private static final int DOUBTFUL_CHOICES = 3;

  @Override
  public String name() {
    return "selectllm-random";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    List<Integer> order = Ranking.by(candidates, i -> candidates.get(i).predictedSuccess());
    List<Integer> eligible = order.subList(0, Propensities.eligible(candidates).size());
    Candidate best = candidates.get(order.get(0));
    int choices =
        best.predictedSuccess() > CONFIDENT ? 1 : Math.min(DOUBTFUL_CHOICES, eligible.size());
    double[] propensities = Propensities.uniform(candidates.size(), eligible.subList(0, choices));
    return Selection.drawn(
        candidates,
        order,
        propensities,
        choices == 1 ? "most likely to succeed" : "drawn from the most likely, as none is sure",
        random);
  }
}
