package dev.turnout.lab.paper;

import ai.djl.ndarray.NDArray;

/** The two losses of RouterDC (Chen et al., NeurIPS 2024), as its published code computes them. */
final class ContrastiveLoss {
  private ContrastiveLoss() {}

  /**
   * Sample-LLM loss: every positive LLM of a query against all its negative ones.
   *
   * @param logits cosines over the temperature, {@code [queries x llms]}
   * @param positives 1 for the LLMs taken as positives, else 0, {@code [queries x llms]}
   * @param negatives 1 for the LLMs taken as negatives, else 0, {@code [queries x llms]}
   * @return the sum over positives, averaged over queries; a scalar
   */
  static NDArray sampleLlm(NDArray logits, NDArray positives, NDArray negatives) {
    NDArray powers = logits.exp();
    NDArray against = powers.mul(negatives).sum(new int[] {1}, true);
    return powers.add(against).log().sub(logits).mul(positives).sum(new int[] {1}).mean();
  }

  /**
   * Sample-sample loss: a query of the same group against queries of other groups.
   *
   * @param same cosine to the query of the same group, {@code [queries x 1]}
   * @param others cosines to the queries of other groups, {@code [queries x others]}
   * @return the average over queries; a scalar
   */
  static NDArray sampleSample(NDArray same, NDArray others) {
    NDArray against = others.exp().sum(new int[] {1}, true);
    return same.exp().add(against).log().sub(same).mean();
  }
}
