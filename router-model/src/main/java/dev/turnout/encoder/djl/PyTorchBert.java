package dev.turnout.encoder.djl;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import dev.turnout.encoder.EncoderException;
import dev.turnout.encoder.batch.BatchModel;
import dev.turnout.encoder.batch.TokenBatch;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A BERT encoder on DJL's PyTorch engine. Code and weights come apart: the graph is a TorchScript
 * module without parameters, the weights its last argument. So one graph serves CPU and GPU, fp32
 * and bf16. Casts to bf16 happen inside TorchScript, because {@code NDArray.toType(BFLOAT16)}
 * aborts the process in DJL 0.35.1.
 */
public final class PyTorchBert implements BatchModel {
  private static final String SOURCE = "bert_encoder.py";
  private static final String CLASS = "BertEncoder";

  private final Model model;
  private final Block block;
  private final ParameterStore parameters;
  private final NDList weights;
  private final int dimension;

  private PyTorchBert(Model model, NDList weights, int dimension) {
    this.model = model;
    this.block = model.getBlock();
    this.parameters = new ParameterStore(model.getNDManager(), false);
    this.weights = weights;
    this.dimension = dimension;
  }

  /**
   * Loads graph and weights onto a device.
   *
   * @throws EncoderException if PyTorch cannot be loaded
   */
  public static PyTorchBert open(
      List<BertWeights.Weight> weights, Device device, boolean bfloat16) {
    DjlRuntime.prepare();
    Model model = Model.newInstance(CLASS, device, "PyTorch");
    try (InputStream archive = new ByteArrayInputStream(TorchScriptArchive.of(CLASS, source()))) {
      model.load(archive, Map.of("mapLocation", "true"));
      NDList arguments = new NDList();
      for (BertWeights.Weight weight : weights) {
        NDArray array = create(model, weight, bfloat16);
        array.setName("w[]");
        arguments.add(array);
      }
      return new PyTorchBert(model, arguments, (int) weights.get(0).shape()[1]);
    } catch (IOException | MalformedModelException | RuntimeException e) {
      model.close();
      throw new EncoderException("encoder: PyTorch cannot load " + SOURCE + ": " + e, e);
    }
  }

  private static NDArray create(Model model, BertWeights.Weight weight, boolean bfloat16) {
    NDManager lasting = model.getNDManager();
    Shape shape = new Shape(weight.shape());
    if (!bfloat16) {
      return lasting.create(FloatBuffer.wrap(weight.values()), shape);
    }
    try (NDManager passing = lasting.newSubManager()) {
      NDArray single = passing.create(FloatBuffer.wrap(weight.values()), shape);
      NDArray method = passing.create(0);
      method.setName("module_method:bfloat16");
      NDArray half =
          model
              .getBlock()
              .forward(new ParameterStore(passing, false), new NDList(single, method), false)
              .singletonOrThrow();
      half.attach(lasting);
      return half;
    }
  }

  private static String source() throws IOException {
    try (InputStream stream = PyTorchBert.class.getResourceAsStream(SOURCE)) {
      if (stream == null) {
        throw new IOException("class path has no " + SOURCE);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public int dimension() {
    return dimension;
  }

  @Override
  public float[][] encode(TokenBatch batch) {
    try (NDManager passing = model.getNDManager().newSubManager()) {
      return rows(forward(batch, passing, false).toFloatArray(), batch.rows());
    }
  }

  /**
   * Encodes a batch and leaves the result with the engine.
   *
   * @param passing owns inputs and result
   * @param training whether gradients flow back to {@link #weights()}
   * @return {@code [batch.rows() x dimension()]}
   */
  public NDArray forward(TokenBatch batch, NDManager passing, boolean training) {
    Shape shape = new Shape(batch.rows(), batch.columns());
    NDList arguments =
        new NDList(passing.create(batch.ids(), shape), passing.create(batch.mask(), shape));
    arguments.addAll(weights);
    NDArray vectors = block.forward(parameters, arguments, training).singletonOrThrow();
    vectors.attach(passing);
    return vectors;
  }

  /** The weights in the order of {@link BertWeights}; they belong to this model. */
  public NDList weights() {
    return weights;
  }

  /** Owns the weights. */
  public NDManager manager() {
    return model.getNDManager();
  }

  private float[][] rows(float[] flat, int rows) {
    float[][] vectors = new float[rows][dimension];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(flat, row * dimension, vectors[row], 0, dimension);
    }
    return vectors;
  }

  @Override
  public void close() {
    model.close();
  }
}
