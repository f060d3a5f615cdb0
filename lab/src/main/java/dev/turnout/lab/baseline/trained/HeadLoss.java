package dev.turnout.lab.baseline.trained;

import ai.djl.ndarray.NDArray;

/** How far a {@link Head}'s outputs are from its targets; LLMs that are not graded do not count. */
enum HeadLoss {
  /** Cross-entropy of the softmax over the graded LLMs; a query's targets are shares. */
  CROSS_ENTROPY {
    @Override
    NDArray of(NDArray outputs, NDArray targets, NDArray graded) {
      NDArray possible = outputs.add(graded.sub(1).mul(UNGRADED));
      return possible.logSoftmax(1).mul(targets).neg().sum(new int[] {1}).mean();
    }
  },

  /** Cross-entropy of each LLM by itself; targets are probabilities of success. */
  BINARY_CROSS_ENTROPY {
    @Override
    NDArray of(NDArray outputs, NDArray targets, NDArray graded) {
      NDArray surprise = outputs.getNDArrayInternal().softPlus().sub(outputs.mul(targets));
      return surprise.mul(graded).sum(new int[] {1}).mean();
    }
  };

  private static final float UNGRADED = 1e9f;

  /**
   * The loss, averaged over queries; a scalar.
   *
   * @param outputs {@code [queries x llms]}
   * @param targets {@code [queries x llms]}, 0 where not graded
   * @param graded 1 where graded, else 0, {@code [queries x llms]}
   */
  abstract NDArray of(NDArray outputs, NDArray targets, NDArray graded);
}
