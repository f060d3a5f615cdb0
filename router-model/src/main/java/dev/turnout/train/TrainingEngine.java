package dev.turnout.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import dev.turnout.model.Matrix;

/** The tensor engine that recipes train on: DJL's PyTorch. */
final class TrainingEngine {
  private static final Engine ENGINE = open();

  private TrainingEngine() {}

  /** A manager on the CPU; everything attached to it is freed when it is closed. */
  static NDManager newManager() {
    return ENGINE.newBaseManager(Device.cpu());
  }

  /** Records operations for gradients until it is closed; one at a time. */
  static GradientCollector newGradientCollector() {
    return ENGINE.newGradientCollector();
  }

  /** Copies rows into a float32 matrix. */
  static NDArray matrix(NDManager manager, float[][] rows) {
    int columns = rows[0].length;
    float[] flat = new float[Math.multiplyExact(rows.length, columns)];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
    }
    return manager.create(flat, new Shape(rows.length, columns));
  }

  /** Copies a matrix into rows. */
  static float[][] rows(NDArray matrix) {
    Shape shape = matrix.getShape();
    return Matrix.of(
            Math.toIntExact(shape.get(0)), Math.toIntExact(shape.get(1)), matrix.toFloatArray())
        .toRows();
  }

  private static Engine open() {
    // DJL would otherwise look for newer native libraries and report usage over the network.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    return Engine.getEngine("PyTorch");
  }
}
