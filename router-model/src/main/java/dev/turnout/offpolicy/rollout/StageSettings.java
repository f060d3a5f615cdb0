package dev.turnout.offpolicy.rollout;

import java.util.List;

/**
 * The stages an accepted candidate climbs before it serves alone.
 *
 * @param shares share of the queries of each stage, rising, the last one 1; 0 is shadow: the
 *     candidate is scored beside the serving model and answers nobody. Just {@code [1]} promotes at
 *     once.
 * @param grades graded queries that a stage takes before the next one
 */
public record StageSettings(List<Double> shares, int grades) {
  public StageSettings {
    shares = List.copyOf(shares);
    if (shares.isEmpty() || shares.get(shares.size() - 1) != 1) {
      throw new IllegalArgumentException(
          "the last stage must be 1, where a model serves every query; the stages were " + shares);
    }
    for (int i = 0; i < shares.size(); i++) {
      double least = i == 0 ? 0 : Math.nextUp(shares.get(i - 1));
      if (!(shares.get(i) >= least && shares.get(i) <= 1)) {
        throw new IllegalArgumentException(
            "stages must be shares from 0 to 1, each above the one before, but were " + shares);
      }
    }
    if (grades < 1) {
      throw new IllegalArgumentException(
          "a stage takes at least 1 graded query, but grades was " + grades);
    }
  }

  /** Every accepted candidate serves all queries at once. */
  public static StageSettings immediate() {
    return new StageSettings(List.of(1.0), 200);
  }

  /** Share of the first stage. */
  public double first() {
    return shares.get(0);
  }

  /** Share of the stage after one of {@code share}; 1 after the last canary. */
  public double after(double share) {
    for (double next : shares) {
      if (next > share) {
        return next;
      }
    }
    return 1;
  }
}
