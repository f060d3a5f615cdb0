package dev.turnout.lab.paper;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import dev.turnout.encoder.Fingerprint;
import dev.turnout.encoder.TransformerEncoder;
import dev.turnout.encoder.batch.TextTokens;
import dev.turnout.encoder.batch.TokenBatch;
import dev.turnout.encoder.batch.WordPieceTokens;
import dev.turnout.encoder.djl.BertWeights;
import dev.turnout.encoder.djl.FineTunedWeights;
import dev.turnout.encoder.djl.Hardware;
import dev.turnout.encoder.djl.PyTorchBert;
import dev.turnout.encoder.minilm.MiniLm;
import java.util.List;

/**
 * The embedded all-MiniLM-L6-v2 in fp32 with weights that take gradients, on the GPU where there is
 * one. For one thread.
 */
public final class TunableBert implements AutoCloseable {
  private final TextTokens tokens;
  private final PyTorchBert model;
  private final Device device;

  private TunableBert(TextTokens tokens, PyTorchBert model, Device device) {
    this.tokens = tokens;
    this.model = model;
    this.device = device;
  }

  /**
   * Loads the published weights.
   *
   * @throws dev.turnout.encoder.EncoderException if PyTorch or the weights are missing
   */
  public static TunableBert open() {
    TextTokens tokens = new WordPieceTokens(MiniLm.vocabulary(new Fingerprint()));
    Device device = Hardware.detect().gpus() > 0 ? Device.gpu() : Device.cpu();
    PyTorchBert model =
        PyTorchBert.open(
            BertWeights.of(MiniLm.graph(new Fingerprint(), name -> true)), device, false);
    model.weights().forEach(weight -> weight.setRequiresGradient(true));
    return new TunableBert(tokens, model, device);
  }

  /** Whether it computes on a GPU. */
  public boolean onGpu() {
    return device.isGpu();
  }

  /** Length of the vectors. */
  public int dimension() {
    return model.dimension();
  }

  /** Owns the weights and all that lives as long. */
  public NDManager manager() {
    return model.manager();
  }

  /** The weights; changing them in place changes the encoder. */
  public NDList weights() {
    return model.weights();
  }

  /**
   * Encodes texts, cut to {@link TransformerEncoder#DEFAULT_MAX_TOKENS} tokens, as one batch.
   *
   * @param passing owns the result
   * @return unit vectors through which gradients flow, {@code [texts x dimension()]}
   */
  public NDArray encode(List<String> texts, NDManager passing) {
    int[][] batch =
        texts.stream()
            .map(text -> tokens.of(text, TransformerEncoder.DEFAULT_MAX_TOKENS))
            .toArray(int[][]::new);
    return model.forward(TokenBatch.pad(batch), passing, true);
  }

  /** A copy of the weights as they are now. */
  public FineTunedWeights copyWeights() {
    return new FineTunedWeights(
        model.weights().stream()
            .map(
                weight ->
                    new BertWeights.Weight(weight.getShape().getShape(), weight.toFloatArray()))
            .toList());
  }

  @Override
  public void close() {
    model.close();
    tokens.close();
  }
}
