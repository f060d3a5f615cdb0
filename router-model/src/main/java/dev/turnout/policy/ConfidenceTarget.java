package dev.turnout.policy;

import java.util.List;

/**
 * How confident a classifier is, for one query, of an LLM that turns out to be right: what the
 * prediction policies of SelectLLM aim at.
 */
@FunctionalInterface
public interface ConfidenceTarget {

  /**
   * The target for one query.
   *
   * @param candidates the eligible candidates, at least one; their predicted successes are the
   *     confidences
   * @return a confidence, 0..1
   */
  double of(List<Candidate> candidates);

  /**
   * The expected confidence of an LLM that is right, each as likely as its confidence says. The
   * published policy learns this by linear regression; a calibrated classifier implies it.
   */
  static ConfidenceTarget ofAnyRight() {
    return candidates -> {
      double weighted = 0;
      double sum = 0;
      for (Candidate candidate : candidates) {
        weighted += candidate.predictedSuccess() * candidate.predictedSuccess();
        sum += candidate.predictedSuccess();
      }
      return sum > 0 ? weighted / sum : 0;
    };
  }

  /**
   * The expected confidence of the first right LLM when LLMs are asked from the overall weakest to
   * the overall strongest, the order of the published policy; the given order where overall
   * successes are unknown.
   */
  static ConfidenceTarget ofWeakestRight() {
    return candidates -> {
      double weighted = 0;
      double sum = 0;
      double allWrong = 1;
      for (int index : Ranking.by(candidates, i -> -candidates.get(i).overallSuccess())) {
        double confidence = candidates.get(index).predictedSuccess();
        double firstRight = allWrong * confidence;
        weighted += firstRight * confidence;
        sum += firstRight;
        allWrong *= 1 - confidence;
      }
      return sum > 0 ? weighted / sum : 0;
    };
  }
}
