package dev.turnout.math;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.Arrays;

/** The tensor engine that recipes and baselines train on: DJL's PyTorch. */
public final class TensorEngine {
  private static final Engine ENGINE = open();

  private TensorEngine() {}

  /** A manager on the CPU; everything attached to it is freed when it is closed. */
  public static NDManager newManager() {
    return ENGINE.newBaseManager(Device.cpu());
  }

  /** Records operations for gradients until it is closed; one at a time. */
  public static GradientCollector newGradientCollector() {
    return ENGINE.newGradientCollector();
  }

  /** Copies rows into a float32 matrix. */
  public static NDArray matrix(NDManager manager, float[][] rows) {
    int columns = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
    }
    return manager.create(flat, new Shape(rows.length, columns));
  }

  /** Copies a matrix into rows. */
  public static float[][] rows(NDArray matrix) {
    int columns = Math.toIntExact(matrix.getShape().get(1));
    float[] flat = matrix.toFloatArray();
    float[][] rows = new float[Math.toIntExact(matrix.getShape().get(0))][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /**
   * An array times a number, where gradients are recorded. DJL's own {@code mul(Number)} frees the
   * number's memory at once, although the step back still reads it: a garbage collection between
   * the two would train on what lies there by then. This one lives as long as the array's manager.
   */
  public static NDArray scaled(NDArray array, float factor) {
    return array.mul(array.getManager().create(factor));
  }

  /** An array divided by a number; as {@link #scaled}. */
  public static NDArray divided(NDArray array, float divisor) {
    return array.div(array.getManager().create(divisor));
  }

  /** Rows rescaled to length 1. */
  public static NDArray unit(NDArray rows) {
    return rows.div(rows.square().sum(new int[] {1}, true).add(1e-12f).sqrt());
  }

  private static Engine open() {
    // DJL would otherwise look for newer native libraries and report usage over the network.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    return Engine.getEngine("PyTorch");
  }
}
