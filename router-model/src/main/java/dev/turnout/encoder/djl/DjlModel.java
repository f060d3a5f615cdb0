package dev.turnout.encoder.djl;

import ai.djl.Device;
import ai.djl.ModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.repository.zoo.Criteria;
import ai.djl.repository.zoo.ZooModel;
import ai.djl.training.ParameterStore;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.batch.BatchModel;
import dev.turnout.encoder.batch.TokenBatch;
import dev.turnout.math.Vectors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Any model that DJL loads and that maps token ids to token states or to vectors. It is called with
 * ids, attention mask and, where it wants them, segment ids, all {@code int64[rows][columns]}. Its
 * first output is either {@code [rows][columns][dimension]}, which is averaged over the mask, or
 * {@code [rows][dimension]}.
 */
public final class DjlModel implements BatchModel {
  private static final List<String> INPUTS =
      List.of("input_ids", "attention_mask", "token_type_ids");
  private static final TokenBatch PROBE = TokenBatch.pad(new int[][] {{1, 2, 1}});

  private final ZooModel<NDList, NDList> model;
  private final ParameterStore parameters;
  private final List<String> inputs;
  private final int dimension;

  private DjlModel(ZooModel<NDList, NDList> model) {
    this.model = model;
    this.parameters = new ParameterStore(model.getNDManager(), false);
    this.inputs = inputs(model);
    this.dimension = run(PROBE)[0].length;
  }

  /**
   * Loads a model.
   *
   * @param engine DJL's name of the engine
   * @param location file, folder, archive or any URL that DJL reads
   * @throws EncoderException if DJL cannot load it or it takes other inputs
   */
  public static DjlModel open(String engine, ModelLocation location, Device device) {
    DjlRuntime.prepare();
    Criteria.Builder<NDList, NDList> criteria =
        Criteria.builder()
            .setTypes(NDList.class, NDList.class)
            .optEngine(engine)
            .optDevice(device)
            .optOption("mapLocation", "true")
            .optOption("intraOpNumThreads", "1")
            .optOption("interOpNumThreads", "1");
    if (location.isFile()) {
      criteria.optModelPath(location.path());
    } else {
      criteria.optModelUrls(location.uri().toString());
    }
    ZooModel<NDList, NDList> model;
    try {
      model = criteria.build().loadModel();
    } catch (IOException | ModelException | RuntimeException e) {
      throw new EncoderException(
          "encoder: " + engine + " cannot load " + location.uri() + ": " + e.getMessage(), e);
    }
    try {
      return new DjlModel(model);
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /** Where DJL keeps the model's files. */
  public Path files() {
    return model.getModelPath();
  }

  private static List<String> inputs(ZooModel<NDList, NDList> model) {
    if (model.getNDManager().getEngine().getEngineName().equals("OnnxRuntime")) {
      List<String> names = new ArrayList<>(model.getBlock().describeInput().keys());
      if (!INPUTS.containsAll(names)) {
        throw new EncoderException(
            "encoder: "
                + model.getName()
                + " takes inputs "
                + names
                + ", but only "
                + INPUTS
                + " are known");
      }
      return names;
    }
    // TorchScript does not tell how many inputs forward() takes, so they are tried
    RuntimeException failure = new IllegalStateException("not tried");
    for (int count : new int[] {2, 3, 1}) {
      List<String> names = INPUTS.subList(0, count);
      try (NDManager passing = model.getNDManager().newSubManager()) {
        model
            .getBlock()
            .forward(
                new ParameterStore(passing, false), arguments(passing, PROBE, names, false), false)
            .attach(passing);
        return names;
      } catch (RuntimeException e) {
        failure = e;
      }
    }
    throw new EncoderException(
        "encoder: "
            + model.getName()
            + ": forward() takes neither (ids, mask) nor (ids, mask,"
            + " segments) nor (ids): "
            + failure.getMessage(),
        failure);
  }

  private static NDList arguments(
      NDManager manager, TokenBatch batch, List<String> names, boolean named) {
    Shape shape = new Shape(batch.rows(), batch.columns());
    NDList arguments = new NDList();
    for (String name : names) {
      NDArray argument =
          switch (name) {
            case "input_ids" -> manager.create(batch.ids(), shape);
            case "attention_mask" -> manager.create(batch.mask(), shape);
            default -> manager.create(new long[batch.ids().length], shape);
          };
      if (named) {
        argument.setName(name);
      }
      arguments.add(argument);
    }
    return arguments;
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public float[][] encode(TokenBatch batch) {
    return run(batch);
  }

  private float[][] run(TokenBatch batch) {
    try (NDManager passing = model.getNDManager().newSubManager()) {
      NDList outputs =
          model.getBlock().forward(parameters, arguments(passing, batch, inputs, false), false);
      outputs.attach(passing);
      NDArray states = outputs.head();
      Shape shape = states.getShape();
      float[] flat =
          (states.getDataType() == DataType.FLOAT32
                  ? states
                  : states.toType(DataType.FLOAT32, false))
              .toFloatArray();
      if (shape.dimension() == 3 && shape.get(1) == batch.columns()) {
        return mean(flat, batch, (int) shape.get(2));
      }
      if (shape.dimension() == 2 && shape.get(0) == batch.rows()) {
        return mean(flat, TokenBatch.pad(new int[batch.rows()][1]), (int) shape.get(1));
      }
      throw new EncoderException(
          "encoder: "
              + model.getName()
              + ": first output has shape "
              + shape
              + ", but [rows][columns][dimension] or [rows][dimension] is needed");
    }
  }

  private static float[][] mean(float[] states, TokenBatch batch, int dimension) {
    float[][] vectors = new float[batch.rows()][dimension];
    for (int row = 0; row < batch.rows(); row++) {
      float[] sum = vectors[row];
      for (int column = 0; column < batch.columns(); column++) {
        int token = row * batch.columns() + column;
        if (batch.mask()[token] == 0) {
          continue;
        }
        int at = token * dimension;
        for (int d = 0; d < dimension; d++) {
          sum[d] += states[at + d];
        }
      }
      Vectors.normalise(sum);
    }
    return vectors;
  }

  @Override
  public void close() {
    model.close();
  }
}
