package dev.turnout.model;

import java.util.Arrays;

/**
 * From which predicted success on each LLM may be trusted to succeed at a stated rate. The
 * thresholds are conformal: of the queries at or above one, at most the stated share fails, as long
 * as queries come from where the calibrating ones came from.
 *
 * @param thresholds {@code [llms x LEVELS]}: of column c, the least predicted success that keeps a
 *     rate of (c + 1) / 100; {@link #NEVER} where none does
 */
public record SuccessPromise(Matrix thresholds) {
  /** Rates of 1 % to 99 %. */
  public static final int LEVELS = 99;

  /** A threshold that no prediction reaches. */
  public static final float NEVER = 2;

  public SuccessPromise {
    if (thresholds.columns() != LEVELS || !thresholds.isFinite()) {
      throw new IllegalArgumentException(
          "thresholds of success must be finite and " + LEVELS + ": " + thresholds.columns());
    }
  }

  /**
   * Whether a prediction is high enough.
   *
   * @param llm position in the model
   * @param rate share of right answers that is asked for, 0..1; between two levels the higher
   *     counts
   */
  public boolean isKept(int llm, double rate, double predictedSuccess) {
    int column = (int) Math.ceil(100 * rate - 1e-9) - 1;
    return column < 0 || (column < LEVELS && predictedSuccess >= thresholds.at(llm, column));
  }

  /**
   * The promise for another list of LLMs.
   *
   * @param from position of each LLM here; -1 for one that nothing is promised of
   */
  SuccessPromise of(int[] from) {
    float[][] rows = new float[from.length][LEVELS];
    for (int t = 0; t < rows.length; t++) {
      if (from[t] < 0) {
        Arrays.fill(rows[t], NEVER);
      } else {
        rows[t] = thresholds.row(from[t]);
      }
    }
    return new SuccessPromise(Matrix.of(rows));
  }
}
