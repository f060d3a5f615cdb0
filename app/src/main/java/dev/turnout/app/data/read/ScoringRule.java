package dev.turnout.app.data.read;

/** How a recorded score becomes a reward in 0..1. */
sealed interface ScoringRule {

  /**
   * The reward for a recorded score.
   *
   * @throws IllegalArgumentException if the score has no reward under this rule; the message says
   *     why
   */
  double reward(double score);

  /** The score is a probability that the answer is right: above 0 it counts as right. */
  record Positive() implements ScoringRule {
    @Override
    public double reward(double score) {
      return score > 0 ? 1 : 0;
    }
  }

  /** The score counts as it is: a share of passed attempts or a grade in 0..1. */
  record Share() implements ScoringRule {
    @Override
    public double reward(double score) {
      if (score < 0 || score > 1) {
        throw new IllegalArgumentException("score " + score + " is not in 0..1");
      }
      return score;
    }
  }

  /** The answer is right from this score on. */
  record AtLeast(double threshold) implements ScoringRule {
    @Override
    public double reward(double score) {
      return score >= threshold ? 1 : 0;
    }
  }
}
