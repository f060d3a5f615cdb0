package dev.turnout.lab.paper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.optimizer.Optimizer;
import ai.djl.training.tracker.Tracker;
import dev.turnout.math.TensorEngine;
import java.util.List;

/**
 * Weight matrices that AdamW moves down the gradient of a loss. Equal starts and losses give equal
 * weights on the same number of threads. Not for several threads.
 */
public final class Descent implements AutoCloseable {

  /** What is to become small. */
  public interface Loss {
    /**
     * The loss, a scalar.
     *
     * @param scratch owns what the loss needs until the step is over
     * @param weights the weights in the order of the start
     */
    NDArray of(NDManager scratch, NDList weights);
  }

  private final NDManager manager = TensorEngine.newManager();
  private final NDList weights = new NDList();
  private final Optimizer optimizer;

  /**
   * Starts from given weights.
   *
   * @param start matrices, {@code float[rows][columns]} each
   */
  public Descent(double learningRate, double weightDecay, List<float[][]> start) {
    for (float[][] rows : start) {
      NDArray matrix = TensorEngine.matrix(manager, rows);
      matrix.setRequiresGradient(true);
      weights.add(matrix);
    }
    optimizer =
        Optimizer.adamW()
            .optLearningRateTracker(Tracker.fixed((float) learningRate))
            .optWeightDecays((float) weightDecay)
            .build();
  }

  /** Takes one step; waits while another descent takes one. */
  public void step(Loss loss) {
    // the engine records gradients for one at a time
    synchronized (Descent.class) {
      try (NDManager scratch = manager.newSubManager();
          GradientCollector collector = TensorEngine.newGradientCollector()) {
        // Results live in the manager of their first operand, so the weights come second.
        NDArray one = scratch.create(1f);
        NDList lent = new NDList();
        weights.forEach(matrix -> lent.add(one.mul(matrix)));
        collector.backward(loss.of(scratch, lent));
        for (int i = 0; i < weights.size(); i++) {
          try (NDArray gradient = weights.get(i).getGradient()) {
            optimizer.update(Integer.toString(i), weights.get(i), gradient);
          }
        }
      }
    }
  }

  /** A copy of one of the matrices. */
  public float[][] weights(int index) {
    return TensorEngine.rows(weights.get(index));
  }

  @Override
  public void close() {
    manager.close();
  }
}
