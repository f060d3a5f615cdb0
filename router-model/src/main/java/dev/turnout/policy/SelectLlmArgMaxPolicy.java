package dev.turnout.policy;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The LLM that a multi-label classifier is most confident of: policy "ArgMax" of Srivatsa, Maurya
 * and Kochmar, "Harnessing the Power of Multiple Minds" (2024), the authors of SelectLLM. The
 * predicted successes are the classifier's confidences.
 */
final class SelectLlmArgMaxPolicy implements SelectionPolicy {
  @Override
  public String name() {
    return "selectllm-argmax";
  }

  @Override
  public Selection select(SelectionRequest request, RandomGenerator random) {
    List<Candidate> candidates = request.candidates();
    List<Integer> order = Ranking.by(candidates, i -> candidates.get(i).predictedSuccess());
    return Selection.best(candidates, order, "most likely to succeed");
  }
}
