package dev.turnout.learner.loop;

import dev.turnout.belief.GradedSample;
import java.time.Instant;
import java.util.List;

/**
 * What the window held at a place of the log where something is due.
 *
 * @param kind what is due
 * @param offset of the last sample
 * @param taken samples taken in until then, repeated grades included
 * @param at timestamp of the last sample
 * @param samples oldest first
 */
record TrainingPoint(Kind kind, long offset, long taken, Instant at, List<GradedSample> samples) {
  /** What may be due. */
  enum Kind {
    /** New cells, for a model that was not trained on grades. */
    CELLS,
    /** A candidate. */
    CANDIDATE
  }

  TrainingPoint {
    samples = List.copyOf(samples);
  }

  boolean isCandidate() {
    return kind == Kind.CANDIDATE;
  }

  /** A seed that the samples determine, so that training again gives the same candidate. */
  long seed(long base) {
    return samples.isEmpty() ? base : base + samples.get(samples.size() - 1).queryId().hashCode();
  }
}
