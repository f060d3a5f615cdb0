package dev.turnout.belief;

/**
 * What the learner believes before it has seen a grade, and how fast it forgets. Rewards are 0..1.
 *
 * @param llmDeviation how much LLMs differ over all cells, standard deviation
 * @param regionDeviation how much an LLM differs between distant regions of the query space
 * @param cellDeviation how much an LLM differs between neighbouring cells
 * @param regionLength distance between cell centres over which neighbours resemble each other
 * @param questionVariance variance of the reward between questions, common to all LLMs
 * @param noiseVariance variance of the reward that remains
 * @param repeat share of the remaining variance that comes back when an LLM gets the same question
 *     again, 0..1: repeated grades of a pair say that much less
 * @param halfLife samples after which a grade counts half
 * @param sweeps rounds of the fit
 * @param changeThreshold z-score from which a change of an LLM's rewards is believed
 * @param changeMemory factor on what was graded before a believed change, 0..1
 * @param graderTolerance systematic deviation of a grader from the consensus that halves its trust
 */
public record LearningSettings(
    double llmDeviation,
    double regionDeviation,
    double cellDeviation,
    double regionLength,
    double questionVariance,
    double noiseVariance,
    double repeat,
    double halfLife,
    int sweeps,
    double changeThreshold,
    double changeMemory,
    double graderTolerance) {
  public LearningSettings {
    if (!(llmDeviation > 0 && regionDeviation > 0 && cellDeviation > 0 && regionLength > 0)) {
      throw new IllegalArgumentException(
          "prior deviations and the region length must be positive: "
              + llmDeviation
              + ", "
              + regionDeviation
              + ", "
              + cellDeviation
              + ", "
              + regionLength);
    }
    if (!(questionVariance >= 0 && noiseVariance > 0 && halfLife > 0 && sweeps > 0)) {
      throw new IllegalArgumentException(
          "variances, half-life and sweeps must be positive: "
              + questionVariance
              + ", "
              + noiseVariance
              + ", "
              + halfLife
              + ", "
              + sweeps);
    }
  }

  /**
   * The defaults: chosen by the reward while learning on RouterDC's training queries, with the test
   * figures printed beside it, so the choice was not blind.
   */
  public static LearningSettings defaults() {
    return new LearningSettings(0.05, 0.1, 0.02, 0.6, 0.12, 0.11, 1, 30_000, 12, 5, 0.02, 0.1);
  }

  /** These settings with another half-life. */
  public LearningSettings withHalfLife(double samples) {
    return new LearningSettings(
        llmDeviation,
        regionDeviation,
        cellDeviation,
        regionLength,
        questionVariance,
        noiseVariance,
        repeat,
        samples,
        sweeps,
        changeThreshold,
        changeMemory,
        graderTolerance);
  }
}
