package dev.turnout.train.feedback;

import dev.turnout.belief.GradedSample;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Inverse propensity weights for training. A choice that was unlikely for its query stands for more
 * queries like it than one that was a matter of course. The weights are stabilised: an LLM's share
 * of all choices divided by the propensity, so that a policy which does not look at the query gives
 * every sample the weight 1 (Robins, Hernan and Brumback 2000); and they are clipped, since a few
 * rare choices must not outweigh all others.
 */
final class PropensityWeights {
  static final double USUAL_CLIP = 2;

  private PropensityWeights() {}

  /**
   * The samples, weighted. Those of shadow queries keep their weight: their LLM was drawn evenly.
   *
   * @param clip largest factor, and its inverse the smallest; 1 leaves the samples as they are
   */
  static List<GradedSample> of(List<GradedSample> samples, double clip) {
    if (clip == 1) {
      return samples;
    }
    Map<String, Double> share = new HashMap<>();
    double drawn = 0;
    for (GradedSample sample : samples) {
      if (!sample.shadow()) {
        share.merge(sample.llm(), 1.0, Double::sum);
        drawn++;
      }
    }
    double total = drawn;
    return samples.stream()
        .map(
            sample ->
                sample.shadow()
                    ? sample
                    : sample.weighted(
                        clipped(
                            share.getOrDefault(sample.llm(), 0.0) / total / sample.propensity(),
                            clip)))
        .toList();
  }

  private static double clipped(double factor, double clip) {
    return Math.max(1 / clip, Math.min(clip, factor));
  }
}
